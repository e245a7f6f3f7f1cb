using System.Collections.Immutable;
using Tidegate.ControlPlane.Configuration;
using Tidegate.ControlPlane.Drift;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Simulator.World;

namespace Tidegate.Simulator;

/// <summary>A site in memory as a check of live state sees it.</summary>
/// <param name="made">What its generations were made with.</param>
public sealed class SimulatedLiveState(SimulatedSite site, RecordedGeneration made) : ILiveState
{
    private static readonly LivePorts Ports = new(8069, 8072);

    public Task<LiveSite> ReadAsync(IReadOnlyCollection<string> databases, CancellationToken cancellationToken)
    {
        var asked = databases.ToHashSet(StringComparer.Ordinal);
        return Task.FromResult(
            new LiveSite(
                Reading.Seen(
                    new LiveCluster(
                        site.Tenants.Where(tenant =>
                                asked.Contains(tenant.Database) && tenant.Databases.ContainsKey(tenant.Database)
                            )
                            .ToImmutableDictionary(tenant => tenant.Database, Database, StringComparer.Ordinal),
                        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal),
                        ImmutableSortedSet.Create<string>(StringComparer.Ordinal)
                    )
                ),
                Reading.Seen(site.Tenants.ToImmutableDictionary(tenant => tenant.Name, Route)),
                Reading.Seen(site.Generations.Keys.Select(key => Generation(key.Pool, key.Release)).ToImmutableArray())
            )
        );
    }

    private static LiveDatabase Database(SimulatedTenant tenant)
    {
        var roles = tenant.Live.Writers.Select(release => RoleNames.Generation(tenant.Pool, release)).ToList();
        return new(
            tenant.Live.Owner,
            !tenant.Live.IsClosed,
            IsTemplate: false,
            Sorted(roles.SelectMany(role => new[] { $"CONNECT of {role}", $"TEMPORARY of {role}" })),
            Sorted(roles),
            Sorted(roles.Select(role => $"role={RoleNames.Owner(tenant.Database)} of {role}"))
        );
    }

    private static LiveRoute Route(SimulatedTenant tenant) =>
        new(
            GenerationName.Of(tenant.Pool, tenant.Route),
            tenant.Database,
            [$"{tenant.Name}.example"],
            Ports,
            tenant.Hold?.Value
        );

    private LiveGeneration Generation(PoolName pool, ReleaseDigest release)
    {
        var settings = GenerationSettings
            .Of(GenerationPlaces.OfNobody, made.Workers, made.Options)
            .ToImmutableSortedDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal);
        return new(
            pool,
            release,
            made,
            [
                new(
                    "web",
                    release.Value,
                    [$"--http-port={GenerationComparison.Port}", $"--gevent-port={GenerationComparison.Port}"],
                    IsStale: false
                ),
                new("cron", release.Value, CronProcess.Arguments, IsStale: false),
            ],
            Reading.Seen(site.IsChanged(pool, release) ? settings.SetItem("limit_time_cpu", "1") : settings),
            Ports,
            Reading.Seen(new LiveList(Sorted(Served(tenant => tenant.Route)), Sorted(Served(tenant => tenant.Cron)))),
            Reading.Seen(ImmutableArray<string>.Empty)
        );

        IEnumerable<string> Served(Func<SimulatedTenant, ReleaseDigest?> by) =>
            site
                .Tenants.Where(tenant => tenant.Pool == pool && by(tenant) == release)
                .Select(tenant => tenant.Database);
    }

    private static ImmutableSortedSet<string> Sorted(IEnumerable<string> texts) =>
        texts.ToImmutableSortedSet(StringComparer.Ordinal);
}
