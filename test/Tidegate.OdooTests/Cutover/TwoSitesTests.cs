using Npgsql;
using Tidegate.Contracts.Fleet;
using Tidegate.Contracts.Rollouts;
using Tidegate.Demo.Shops;
using Tidegate.Demo.Story;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Cutover;

/// <summary>Two homes, two PostgreSQL clusters, two control plane processes and a real shop on each: one fleet.</summary>
[Collection(nameof(TwoShops))]
public sealed class TwoSitesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Length", "long")]
    public async Task A_rollout_goes_over_two_sites_and_waits_for_the_one_whose_server_was_killed()
    {
        await using var first = await ShopSite.UpAsync(
            Home(),
            [Shop("shop-oslo", "shared")],
            TimeProvider.System,
            Token
        );
        await using var second = await ShopSite.UpAsync(
            Home(),
            new JoinedSite("lisbon", first.Layout.Home),
            [Shop("shop-lisbon", "lisbon-shared")],
            TimeProvider.System,
            Token
        );
        Assert.DoesNotContain("tidegate", await DatabasesAsync(second));
        var release = await first.NextReleaseAsync("time.sleep(2)", Token);
        Assert.Equal(release, await second.NextReleaseAsync("time.sleep(2)", Token));

        var started = await second.ControlPlane.PostAsync<StartRollout, StartedRollout>(
            "/api/rollouts",
            new StartRollout(release.Name, "production", new RolloutRules(WaveSizes: [0], Concurrency: 1)),
            Token
        );
        Assert.Empty(started.Excluded);
        await Eventually.IsTrueAsync(
            async () => await StepOfAsync(first, started.Id, "shop-lisbon") is "migrate",
            "the second site's shop migrates"
        );
        Kill(second);

        await Eventually.IsTrueAsync(
            async () => (await FindAsync(first, started.Id, "shop-oslo")).State is "ended",
            "the first site's shop ends"
        );
        Assert.Equal("completed", (await FindAsync(first, started.Id, "shop-oslo")).Ending);
        Assert.NotEqual("ended", (await FindAsync(first, started.Id, "shop-lisbon")).State);

        var options = SiteOptions.Read(second.Layout)!;
        Assert.Null(await new LocalSite(second.Layout, TimeProvider.System).UpAsync(options, Token));
        await Eventually.IsTrueAsync(
            async () => (await FindAsync(first, started.Id, "shop-lisbon")).State is "ended",
            "the second site's shop ends"
        );
        Assert.Equal("completed", (await FindAsync(first, started.Id, "shop-lisbon")).Ending);
        Assert.Equal(
            ["lisbon", "local"],
            (await OwnersAsync(first))
                .Select(owner => owner.Site)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );
        Assert.All(
            (await OwnersAsync(first)).GroupBy(owner => owner.Actor, StringComparer.Ordinal),
            engine => Assert.Single(engine.Select(owner => owner.Site).Distinct(StringComparer.Ordinal))
        );
    }

    private static string Home() => Directory.CreateTempSubdirectory("tg-two-").FullName;

    private static TenantDocument Shop(string name, string pool) =>
        new(
            name,
            pool,
            name,
            [$"{name}.localhost"],
            "Europe/Oslo",
            StoryFleet.JourneyLogin,
            StoryFleet.JourneySecret,
            StoryFleet.FirstRelease
        );

    private static void Kill(ShopSite site)
    {
        var status = new LocalSite(site.Layout, TimeProvider.System).Status();
        Native.Send(
            status.Processes.Single(process => process.Name == SiteProcesses.ControlPlane).Pid!.Value,
            Signal.Kill
        );
    }

    private static async Task<UpgradeView> FindAsync(ShopSite site, string rollout, string tenant)
    {
        var view = await site.ControlPlane.GetAsync<RolloutView>($"/api/rollouts/{rollout}", Token);
        return view.Tenants.Single(found => found.Tenant == tenant);
    }

    private static async Task<string?> StepOfAsync(ShopSite site, string rollout, string tenant) =>
        (await FindAsync(site, rollout, tenant)).Step;

    private static async Task<List<string>> DatabasesAsync(ShopSite site) =>
        [
            .. (await RowsAsync(site, SitePostgres.Maintenance, "select datname, '' from pg_database")).Select(row =>
                row.First
            ),
        ];

    private static async Task<List<(string Site, string Actor)>> OwnersAsync(ShopSite site) =>
        await RowsAsync(
            site,
            DatabaseNames.ControlDatabase,
            """
            select distinct u.site, l.actor from ledger l join upgrade u on u.id = l.upgrade
             where l.kind in ('intent', 'outcome')
            """
        );

    private static async Task<List<(string First, string Second)>> RowsAsync(ShopSite site, string database, string sql)
    {
        await using var session = new NpgsqlConnection(
            site.Layout.Cluster.ConnectionString(database, SitePostgres.Superuser)
        );
        await session.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, session);
        await using var reader = await command.ExecuteReaderAsync(Token);
        var rows = new List<(string, string)>();
        while (await reader.ReadAsync(Token))
        {
            rows.Add((reader.GetString(0), reader.GetString(1)));
        }

        return rows;
    }
}
