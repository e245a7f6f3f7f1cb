using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Following;
using Tidegate.ControlPlane.Observations;
using Tidegate.ControlPlane.Placement;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Sites;
using Tidegate.Drivers.Git;
using Tidegate.Drivers.Sites;

namespace Tidegate.Bench.Fleet;

/// <summary>A whole round over a repository of git and a control database: from the commit to the ledger, first of all tenants, then of one that has changed.</summary>
internal sealed class SyncBench(BenchRepository fleet, GitFolder repository)
{
    private const int Commits = 20;

    private static readonly ServedSites Served = new([new SiteName("local")], "bench", TimeSpan.FromMinutes(5));

    public async Task<Figures> RunAsync(CancellationToken cancellationToken)
    {
        fleet.Write(repository.Path);
        await repository.CreateAsync(cancellationToken);
        await repository.CommitAsync(cancellationToken);
        await using var control = await BenchDatabase.StartAsync(cancellationToken);
        await using var services = Compose(control.Layout, control.Open());
        return await MeasureAsync(services, cancellationToken);
    }

    private static ServiceProvider Compose(SiteLayout layout, NpgsqlDataSource database) =>
        new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(layout)
            .AddSingleton(database)
            .AddSites(Served)
            .AddFleet()
            .AddObservations(new ObservationOptions())
            .AddPlacement()
            .AddBlockers()
            .AddPolicy()
            .AddFollowing(new FollowingOptions(Served.Owner, Served.Lease))
            .AddSingleton<IReleaseNames, ReleaseStore>()
            .AddSingleton<ISiteBundles, AnySite>()
            .AddSingleton<ITenantObserver, AnySite>()
            .AddSingleton<ITenantPlacement, AnySite>()
            .AddSingleton<IFleetSource, GitFleetSource>()
            .BuildServiceProvider();

    private async Task<Figures> MeasureAsync(ServiceProvider services, CancellationToken cancellationToken)
    {
        var store = services.GetRequiredService<SourceStore>();
        var loop = services.GetRequiredService<FollowingLoop>();
        await PrepareAsync(services, cancellationToken);
        var site = services
            .GetServices<IHostedService>()
            .Where(service => service is SiteRequestLoop or SiteHeartbeat)
            .ToList();
        await Task.WhenAll(site.Select(service => service.StartAsync(cancellationToken)));
        await store.FollowAsync(
            new(
                new SourceAddress(repository.Path, "main"),
                null,
                TimeSpan.FromDays(1),
                "bench",
                TimeProvider.System.GetUtcNow()
            ),
            cancellationToken
        );

        var watch = Stopwatch.StartNew();
        do
        {
            await loop.TurnAsync(cancellationToken);
        } while ((await store.UnsettledAsync(cancellationToken)).Count > 0);
        var first = watch.Elapsed.TotalSeconds;

        var times = new List<double>();
        for (var number = 0; number < Commits; number++)
        {
            fleet.Change(number, number % 2 == 0 ? "Europe/Lisbon" : "Europe/Vienna");
            fleet.WriteTenant(repository.Path, number);
            await repository.CommitAsync(cancellationToken);
            await store.RequestRoundAsync(cancellationToken);
            watch.Restart();
            await loop.TurnAsync(cancellationToken);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        await store.RequestRoundAsync(cancellationToken);
        watch.Restart();
        await loop.TurnAsync(cancellationToken);
        var nothing = watch.Elapsed.TotalMilliseconds;
        await Task.WhenAll(site.Select(service => service.StopAsync(cancellationToken)));
        return new()
        {
            ["sync_first_10k_s"] = first,
            ["sync_one_ms"] = Figures.Median(times),
            ["sync_one_worst_ms"] = times.Max(),
            ["sync_none_ms"] = nothing,
        };
    }

    private static async Task PrepareAsync(ServiceProvider services, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<SiteStore>().RegisterAsync(Served.Names, "bench", cancellationToken);
        await services.GetRequiredService<SiteHeartbeat>().BeatAsync(cancellationToken);
        await using var release = services
            .GetRequiredService<NpgsqlDataSource>()
            .CreateCommand(
                "insert into release (name, digest, registered_at, registered_by) values ('2026.11.1', $1, now(), 'bench')"
            );
        release.Parameters.Add(new() { Value = $"sha256:{new string('0', 64)}" });
        await release.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A site where every database is there and every tenant is served at once.</summary>
    private sealed class AnySite : ISiteBundles, ITenantObserver, ITenantPlacement
    {
        public IReadOnlyCollection<ReleaseDigest> Held() => [];

        public Task<TenantObservation> ObserveAsync(Tenant tenant, CancellationToken cancellationToken) =>
            Task.FromResult<TenantObservation>(
                new TenantObservation.Seen(1, ImmutableSortedDictionary<string, string>.Empty, null, ["en_US"])
            );

        public Task<ImmutableArray<UnplacedTenant>> PlaceAsync(
            IReadOnlyList<FleetMember> members,
            CancellationToken cancellationToken
        ) => Task.FromResult<ImmutableArray<UnplacedTenant>>([]);
    }
}
