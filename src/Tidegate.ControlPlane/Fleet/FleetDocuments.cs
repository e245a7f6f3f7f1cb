using System.Collections.Immutable;
using NodaTime;
using Tidegate.Contracts.Fleet;

namespace Tidegate.ControlPlane.Fleet;

/// <summary>Turns a document that somebody wrote into a fleet, or says what is wrong with it.</summary>
public static class FleetDocuments
{
    /// <param name="releases">Registered releases, by name.</param>
    /// <param name="known">Pools that are known already.</param>
    /// <param name="problem">One sentence, when the result is null.</param>
    public static (ImmutableArray<Pool> Pools, ImmutableArray<Tenant> Tenants)? Read(
        FleetDocument document,
        IReadOnlyDictionary<string, ReleaseDigest> releases,
        IReadOnlySet<PoolName> known,
        out string? problem
    )
    {
        problem = document.Pools.Select(Problem).FirstOrDefault(found => found is not null);
        if (problem is not null)
        {
            return null;
        }

        var pools = document
            .Pools.Select(pool => new Pool(
                new PoolName(pool.Name),
                new SiteName(pool.Site),
                new EnvironmentName(pool.Environment),
                pool.Hosting is "shared" ? HostingModel.Shared : HostingModel.Dedicated,
                pool.Workers
            ))
            .ToImmutableArray();
        var names = pools.Select(pool => pool.Name).Concat(known).ToHashSet();
        problem = document
            .Tenants.Select(tenant => Problem(tenant, names, releases))
            .FirstOrDefault(found => found is not null);
        return problem is null
            ? (
                pools,
                [
                    .. document.Tenants.Select(tenant => new Tenant(
                        new TenantName(tenant.Name),
                        new PoolName(tenant.Pool),
                        tenant.Database,
                        [.. tenant.Hosts],
                        tenant.TimeZone,
                        new TenantProfile(tenant.JourneyLogin, tenant.JourneySecret, [.. tenant.WritingJourneys ?? []])
                        {
                            ExternalRoles = [.. tenant.ExternalRoles ?? []],
                        },
                        releases[tenant.Release]
                    )),
                ]
            )
            : null;
    }

    private static string? Problem(PoolDocument pool) =>
        NameRules.Refusal("pool", pool.Name)
        ?? NameRules.Refusal("site", pool.Site)
        ?? NameRules.Refusal("environment", pool.Environment)
        ?? (
            pool.Hosting is "shared" or "dedicated"
                ? null
                : $"pool {pool.Name}: hosting is \"shared\" or \"dedicated\", not \"{pool.Hosting}\"."
        )
        ?? (pool.Workers is >= 1 and <= 64 ? null : $"pool {pool.Name}: workers is 1 to 64, not {pool.Workers}.");

    private static string? Problem(
        TenantDocument tenant,
        HashSet<PoolName> pools,
        IReadOnlyDictionary<string, ReleaseDigest> releases
    ) =>
        NameRules.Refusal("tenant", tenant.Name)
        ?? NameRules.DatabaseRefusal(tenant.Database)
        ?? (
            pools.Contains(new PoolName(tenant.Pool))
                ? null
                : $"tenant {tenant.Name}: there is no pool \"{tenant.Pool}\"."
        )
        ?? (
            releases.ContainsKey(tenant.Release)
                ? null
                : $"tenant {tenant.Name}: there is no release \"{tenant.Release}\"; register it first."
        )
        ?? (tenant.Hosts.Count > 0 ? null : $"tenant {tenant.Name}: hosts is empty.")
        ?? tenant
            .Hosts.Where(host => !NameRules.IsHost(host))
            .Select(host => $"tenant {tenant.Name}: \"{host}\" is not a host name in lower case without port.")
            .FirstOrDefault()
        ?? NameRules.Refusal("secret", tenant.JourneySecret)
        ?? (
            DateTimeZoneProviders.Tzdb.GetZoneOrNull(tenant.TimeZone) is not null
                ? null
                : $"tenant {tenant.Name}: \"{tenant.TimeZone}\" is not an IANA time zone."
        );
}
