using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Drift;

/// <summary>What a site should be like, from the fleet, the releases and the pools' options alone.</summary>
/// <param name="Tenants">Those that no upgrade works on.</param>
/// <param name="Generations">Those that serve at least one of them.</param>
/// <param name="Databases">Of every tenant of the site, also of busy ones.</param>
public sealed record ExpectedSite(
    SiteName Site,
    ImmutableArray<ExpectedTenant> Tenants,
    ImmutableArray<ExpectedGeneration> Generations,
    ImmutableHashSet<string> Databases
)
{
    /// <param name="members">Every tenant of the site.</param>
    /// <param name="busy">Tenants that an upgrade works on.</param>
    /// <param name="acts">What was last done to tenants.</param>
    public static ExpectedSite Of(
        SiteName site,
        IReadOnlyCollection<FleetMember> members,
        IReadOnlySet<TenantName> busy,
        IReadOnlyDictionary<TenantName, LastAct> acts
    )
    {
        var idle = members.Where(member => !busy.Contains(member.Tenant.Name)).ToImmutableArray();
        return new(
            site,
            [
                .. idle.Select(member =>
                    ExpectedTenant.Of(member) with
                    {
                        LedHosts = acts.GetValueOrDefault(member.Tenant.Name)?.Hosts,
                    }
                ),
            ],
            [
                .. idle.GroupBy(member => (member.Pool, member.Tenant.Release))
                    .Select(same => new ExpectedGeneration(
                        same.Key.Pool,
                        same.Key.Release,
                        [.. same.Select(member => member.Tenant.Name)]
                    )),
            ],
            [.. members.Select(member => member.Tenant.Database)]
        );
    }
}

/// <summary>What one tenant's part of a site should be like.</summary>
/// <param name="ExternalRoles">Roles of others that may, and need not, have rights.</param>
public sealed record ExpectedTenant(
    TenantName Tenant,
    EnvironmentName? Environment,
    PoolName Pool,
    ReleaseDigest Release,
    string Database,
    ImmutableArray<string> Hosts,
    ImmutableArray<string> ExternalRoles
)
{
    /// <summary>The host names that Tidegate last led to it; null when that is not known.</summary>
    public ImmutableArray<string>? LedHosts { get; init; }

    public string OwnerRole => RoleNames.Owner(Database);

    public string GenerationRole => RoleNames.Generation(Pool, Release);

    public string Generation => GenerationName.Of(Pool, Release);

    public DriftSubject Subject => DriftSubject.Of(Tenant);

    /// <summary>The rights that its generation has; nobody else has any.</summary>
    public ImmutableArray<string> Rights => [$"CONNECT of {GenerationRole}", $"TEMPORARY of {GenerationRole}"];

    /// <summary>What its generation works as.</summary>
    public string Setting => $"role={OwnerRole} of {GenerationRole}";

    public static ExpectedTenant Of(FleetMember member) =>
        new(
            member.Tenant.Name,
            member.Pool.Environment,
            member.Pool.Name,
            member.Tenant.Release,
            member.Tenant.Database,
            member.Tenant.Hosts,
            member.Tenant.Profile.ExternalRoles
        );

    /// <summary>As a step sees it that puts it right.</summary>
    public static ExpectedTenant Of(UpgradeTarget target) =>
        new(
            target.Tenant,
            null,
            target.Pool,
            target.To.Digest,
            target.Database,
            target.Hosts,
            target.Profile.ExternalRoles
        );
}

/// <summary>A generation that should run.</summary>
/// <param name="Tenants">That it serves, without busy ones.</param>
public sealed record ExpectedGeneration(Pool Pool, ReleaseDigest Digest, ImmutableArray<TenantName> Tenants)
{
    public DriftSubject Subject => DriftSubject.Of(Pool.Name, Digest);
}

/// <summary>What is installed in a tenant's database, against what its release brings.</summary>
/// <param name="Installed">Version by module, as it was last seen; unknown when that is too long ago.</param>
/// <param name="Released">Version by module; unknown where the bundle is not in this server's store.</param>
public sealed record ModuleQuestion(
    Reading<ImmutableSortedDictionary<string, string>> Installed,
    Reading<ImmutableDictionary<string, string>> Released
)
{
    /// <summary>The versions that a bundle brings.</summary>
    public static ImmutableDictionary<string, string> Versions(BundleManifest bundle) =>
        bundle.Modules.ToImmutableDictionary(module => module.Name, module => module.Version, StringComparer.Ordinal);
}
