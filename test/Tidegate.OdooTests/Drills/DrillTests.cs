using Tidegate.Contracts.Backups;
using Tidegate.Contracts.Drills;
using Tidegate.Contracts.TenantBackups;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Storage;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Drills.Runbooks;
using Tidegate.OdooTests.Cutover;

namespace Tidegate.OdooTests.Drills;

/// <summary>Losses after which Odoo must serve again are played through with a copy of a real shop; the shop itself serves on and is not touched.</summary>
[Trait("Length", "long")]
[Collection(nameof(WholeSite))]
public sealed class DrillTests(WholeSite site) : IAsyncLifetime
{
    private static readonly RecoveryObjective Orders = new(
        new("orders"),
        "order-capture",
        TimeSpan.FromMinutes(10),
        TimeSpan.FromMinutes(2)
    )
    {
        Documents = ["sale.order"],
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_release_that_does_not_load_gives_way_to_the_old_one_on_the_same_data()
    {
        var drill = await PlayAsync(new("failed-application-release", WholeSite.Database, Site: null, "test"));

        Assert.Equal((0, 0), (drill.Drill.Lost, drill.Drill.RecoveryPointSeconds));
        Assert.Contains(
            drill.Checks,
            check => check is { What: "the new release did not serve the shop", Holds: true }
        );
    }

    [Fact]
    public async Task A_migration_that_damages_rows_is_swapped_back_and_every_table_is_what_it_was()
    {
        var drill = await PlayAsync(new("faulty-migration", WholeSite.Database, Site: null, "test"));

        Assert.Equal((0, 0), (drill.Drill.Lost, drill.Drill.RecoveryPointSeconds));
        Assert.Contains(
            drill.Checks,
            check =>
                check is { What: "the migration damaged rows and did not say so", Holds: true }
                && check.Detail.Contains("has other contents", StringComparison.Ordinal)
        );
        Assert.Contains(
            drill.Checks,
            check => check is { What: "the tenant's tables are what they were before the migration", Holds: true }
        );
    }

    [Fact]
    public async Task A_lost_site_is_made_again_out_of_its_backups_alone_and_serves_a_tenant_with_its_files()
    {
        await site.DoneAsync(
            await site.OrderAsync($"/api/tenants/{WholeSite.Database}/backups", new TakeBackup(Reason: "test"))
        );

        // The only site there is need not be named.
        var drill = await PlayAsync(new("site-loss", Tenant: null, Site: null, "test"));

        var brought = drill.Steps.Single(step => step.What is "bringing the files of a tenant").Note!;
        Assert.Matches("^shop-oslo, backup [^ ]+: [1-9][0-9]* files verified by their sha1, 0 newer", brought);
        Assert.InRange(drill.Drill.Lost!.Value, 0, drill.Drill.Acknowledged!.Value - 1);
        Assert.InRange(drill.Drill.RecoveryPointSeconds!.Value, 0.1, 120);
    }

    public ValueTask InitializeAsync() => ReplaceAsync([new(Orders, [new(WholeSite.Database)])]);

    public ValueTask DisposeAsync() => ReplaceAsync([]);

    /// <summary>What every drill has in common: it is measured, keeps the objective, follows its runbook, touches nothing of the site and leaves nothing.</summary>
    private async Task<DrillDetails> PlayAsync(RunDrill order)
    {
        await site.DoneAsync(await site.OrderAsync("/api/backups", new RunBackup("full")));
        var before = await FingerprintAsync();

        var job = await site.OrderAsync("/api/drills", order);
        await site.DoneAsync(job);

        using var client = site.Client();
        var drill = await client.GetAsync<DrillDetails>($"/api/drills/d-{job[2..]}", Token);
        TestContext.Current.TestOutputHelper?.WriteLine(drill.Markdown);
        Assert.True(drill.Drill.Verdict is "pass", drill.Markdown);
        Assert.InRange(drill.Drill.RecoveryTimeSeconds!.Value, 0.5, 600);
        Assert.Equal("order-capture", Assert.Single(drill.Processes).Process);
        Assert.Equal(
            Runbook.Of(DrillScenarios.Find(order.Scenario)!.Value)!.Steps,
            drill.Steps.Where(step => step.IsRecovery).Select(step => step.What)
        );
        Assert.Equal(before, await FingerprintAsync());
        Leftovers.AssertNoWork(site);
        return drill;
    }

    /// <summary>The site's databases and roles, and rows of the shop that a drill damages in its copy.</summary>
    private async Task<string> FingerprintAsync() =>
        string.Join(
            '\n',
            await site.ScalarAsync("postgres", "select string_agg(datname, ' ' order by datname) from pg_database"),
            await site.ScalarAsync("postgres", "select string_agg(rolname, ' ' order by rolname) from pg_roles"),
            await site.ScalarAsync(
                WholeSite.Database,
                "select sum(hashtextextended(create_date::text, 0))::text from sale_order"
            ),
            await site.ScalarAsync(
                WholeSite.Database,
                "select string_agg(name || latest_version, ' ' order by name) from ir_module_module where state = 'installed'"
            )
        );

    private async ValueTask ReplaceAsync(IReadOnlyCollection<ObjectiveTerms> terms)
    {
        await using var control = ControlDatabase.Open(
            site.Layout.Cluster.ConnectionString(DatabaseNames.ControlDatabase, DatabaseNames.ControlRole)
        );
        await new ObjectiveStore(control).ReplaceAsync(terms, Token);
    }
}
