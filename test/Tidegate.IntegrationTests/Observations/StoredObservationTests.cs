using System.Diagnostics;
using System.Globalization;
using Tidegate.Cli;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Observations;

/// <summary>What a server has seen of databases, and what a plan takes of it.</summary>
public sealed class StoredObservationTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private const int Many = 10_000;

    [Fact]
    public async Task A_plan_of_ten_thousand_tenants_looks_at_no_database()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        await FillAsync(plane);
        var clock = Stopwatch.StartNew();

        var planned = await plane.RunAsync("rollout", "plan", "--release", "2026.11.2", "--json");

        TestContext.Current.TestOutputHelper?.WriteLine($"planned in {clock.Elapsed}");
        Assert.Equal(ExitCodes.Done, planned.Exit);
        Assert.Equal(Many, planned.Output.Split("\"tenant\": \"m").Length - 1);
        Assert.DoesNotContain(plane.Script.Observed, tenant => tenant.StartsWith('m'));
    }

    [Fact]
    public async Task What_was_seen_too_long_ago_or_stood_in_the_way_is_looked_at_anew()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        await FillAsync(plane);
        await plane.QueryAsync(
            """
            with aged as (
                update tenant_observation set observed_at = clock_timestamp() - interval '11 min' where tenant = 'm7'
            )
            update tenant_observation set obstacles = '{a prepared transaction is open.}' where tenant = 'm8'
            """
        );

        var planned = await plane.RunAsync("rollout", "plan", "--release", "2026.11.2", "--json");

        Assert.DoesNotContain("a prepared transaction", planned.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["m7", "m8"],
            plane
                .Script.Observed.Where(tenant => tenant.StartsWith('m'))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Every_tenant_of_a_small_plan_is_looked_at_anew()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        await plane.UntilQueryAsync("select count(*)::text from tenant_observation where unreadable is null", "3");
        plane.Script.Unreadable = "database db is gone.";

        var planned = await plane.RunAsync("rollout", "plan", "--release", "2026.11.2");

        Assert.Equal(ExitCodes.Blocked, planned.Exit);
        Assert.Contains("left alone: t1: database db is gone.", planned.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenant_that_has_changed_release_is_looked_at_soon()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        await plane.RunAsync("rollout", "watch", await plane.StartRolloutAsync());

        await plane.UntilQueryAsync(
            """
            select count(*)::text from tenant_observation o join tenant t on t.name = o.tenant and t.release = o.release
              join release r on r.digest = t.release where r.name = '2026.11.2'
            """,
            "3"
        );
    }

    [Fact]
    public async Task What_is_seen_of_a_tenant_that_a_rollout_works_on_is_not_kept()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var migrating = plane.Script.PauseAt("t1", "migrate");
        var rollout = await plane.StartRolloutAsync();
        await migrating.Reached;
        await plane.QueryAsync("delete from tenant_observation");

        await plane.UntilQueryAsync(
            "select string_agg(tenant, ' ' order by tenant) from tenant_observation having count(*) > 0",
            "t2 t3"
        );
        migrating.Release();

        Assert.Equal(ExitCodes.Done, (await plane.RunAsync("rollout", "watch", rollout)).Exit);
    }

    /// <summary>Tenants m1, m2, … that all have the same installed, seen just now.</summary>
    private static Task<string[]> FillAsync(ScriptedControlPlane plane) =>
        plane.QueryAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                with tenants as (
                    insert into tenant (name, pool, database, hosts, time_zone, profile, release)
                    select 'm' || n, 'shared', 'm' || n, array['m' || n || '.example'], 'Europe/Oslo',
                           '{"journeyLogin": "admin", "journeySecret": "journey", "writingJourneys": []}', r.digest
                      from generate_series(1, {{Many}}) n, release r where r.name = '2026.11.1'
                    returning name, database, release
                ), modules as (
                    insert into observed_modules values
                    ('m', '{"installed": {"base": "19.0.1.0", "shop_promo": "19.0.1.0"}, "languages": ["en_US"]}', clock_timestamp())
                    returning digest
                )
                insert into tenant_observation (tenant, observed_at, database, release, database_bytes, modules)
                select name, clock_timestamp(), database, release, 52428800, digest from tenants, modules
                """
            )
        );
}
