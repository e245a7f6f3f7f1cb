using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Drift;
using Tidegate.ControlPlane.Fleet;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Drift;

/// <summary>A site of ten thousand tenants: a check costs as many statements as one of three.</summary>
public sealed class LargeSiteTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private const int Many = 10_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_thousand_tenants_that_all_differ_are_checked_in_seconds_and_are_ten_blockers()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        await FillAsync(plane);
        plane.Script.Live = plane.Script.Live with
        {
            Routes = Reading.Seen(ImmutableDictionary<TenantName, LiveRoute>.Empty),
        };
        var check = plane.Services.GetRequiredService<DriftCheck>();

        for (var round = 1; round <= 2; round++)
        {
            var clock = Stopwatch.StartNew();
            var report = await check.RunAsync(new("local"), Token);
            TestContext.Current.TestOutputHelper?.WriteLine($"check {round} in {clock.Elapsed}");
            Assert.Equal(Many + 3, report.Judged);
            Assert.Equal(
                Many,
                report.Differences.Count(difference =>
                    difference.Code == DriftCode.RouteMissing && difference.Cause is DriftCause.Manual
                )
            );
        }

        Assert.Equal(
            ["11"],
            await plane.QueryAsync("select count(*)::text from blocker where code = 'drift/route-missing'")
        );
    }

    /// <summary>Each tenant was taken to its release by a rollout.</summary>
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
                    returning name, release
                ), rollout as (
                    insert into rollout (id, environment, release_name, release_digest, plan_hash, policy, excluded, state,
                                         outcome, started_by, created_at, ended_at, due_at)
                    select 'r-many', 'production', r.name, r.digest, '', '{}', '[]', 'ended', 'completed', 'os/0', now(),
                           now(), now()
                      from release r where r.name = '2026.11.1'
                    returning id
                )
                insert into upgrade (id, rollout, tenant, site, wave, ordinal, target, steps, back, mode, predicted_hold,
                                     checkpoint_bytes, state, due_at, ending, ended_at)
                select 'u-' || t.name, r.id, t.name, 'local', 1, 1,
                       jsonb_build_object('hosts', jsonb_build_array(t.name || '.example'),
                                          'to', jsonb_build_object('name', '2026.11.1', 'digest', t.release)),
                       '[]', '[]', 'held', '0', 0, 'ended', now(), 'completed', now()
                  from tenants t, rollout r
                """
            )
        );
}
