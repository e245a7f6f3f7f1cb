using Microsoft.Extensions.DependencyInjection;
using Tidegate.Cli;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Observations;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Protection;
using Tidegate.ControlPlane.Rehearsals;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.IntegrationTests.Promotion;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Protection;

/// <summary>The gates <c>protected</c> and <c>drilled</c> over what the control database has, from the plan to the start.</summary>
public sealed class ProtectionTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private static readonly EnvironmentPolicy Careful = EnvironmentPolicy.Default with
    {
        Protection = new()
        {
            Backup = TimeSpan.FromHours(26),
            Archive = true,
            Restore = TimeSpan.FromDays(30),
            Disk = 1.5,
            Rehearsal = TimeSpan.FromDays(7),
        },
        Gates = new() { Drilled = GateDemand.Required },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Work_waits_for_what_is_not_proven_says_each_part_and_starts_once_it_is()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);

        await plane.AskAsync(PromotionPlane.Terms("production", 2, Careful));
        await plane.UntilBlockedAsync(
            "production",
            "archive-unknown backup-missing drills-unwanted rehearsal-missing restore-never"
        );
        var shown = await plane.Plane.RunAsync("promotion", "show", "production");
        Assert.Contains(
            "no usable backup is known that holds t1. So it is with 2 more: t2, t3.",
            shown.Output,
            StringComparison.Ordinal
        );
        Assert.Empty(await plane.RolloutsAsync());

        await ProtectAsync(plane.Plane);
        // What sites said is good for half a minute.
        await Eventually.IsTrueAsync(
            async () => await plane.RolloutsAsync() is ["production 2026.11.2 completed"],
            () => "it does not start"
        );

        Assert.Contains(
            "passed: registered, not-blocked, protected, drilled, hold, older, busy",
            string.Join('\n', await plane.Plane.LedgerAsync("decision")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_person_plans_sees_the_gates_and_starts_only_when_they_pass()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);
        await GovernAsync(plane, Careful);

        var planned = await plane.Plane.RunAsync("rollout", "plan", "--release", "2026.11.2");
        Assert.Equal(ExitCodes.Blocked, planned.Exit);
        Assert.Contains(
            "  gate protected: inconclusive\n    backup-missing: ",
            planned.Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "  gate drilled: inconclusive\n    drills-unwanted: ",
            planned.Output,
            StringComparison.Ordinal
        );
        var refused = await plane.Plane.RunAsync("rollout", "start", "--release", "2026.11.2");
        Assert.Equal(ExitCodes.Blocked, refused.Exit);
        Assert.Contains("gate protected (inconclusive): no usable backup", refused.Error, StringComparison.Ordinal);
        Assert.Empty(await plane.RolloutsAsync());

        await ProtectAsync(plane.Plane);

        var again = await plane.Plane.RunAsync("rollout", "plan", "--release", "2026.11.2");
        Assert.True(again.Exit == ExitCodes.Done, again.Transcript);
        Assert.Contains("  gate protected: pass\n  gate drilled: pass\n", again.Output, StringComparison.Ordinal);
        await plane.Plane.StartRolloutAsync();
    }

    [Fact]
    public async Task Without_a_word_in_the_policy_nothing_is_asked()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);
        await GovernAsync(plane, EnvironmentPolicy.Default);

        var planned = await plane.Plane.RunAsync("rollout", "plan", "--release", "2026.11.2");

        Assert.True(planned.Exit == ExitCodes.Done, planned.Transcript);
        Assert.DoesNotContain("gate ", planned.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_verification_a_gap_and_a_failed_drill_close_what_was_open()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);
        await GovernAsync(plane, Careful);
        await ProtectAsync(plane.Plane);
        var services = plane.Plane.Services;
        var now = TimeProvider.System.GetUtcNow();
        var backups = services.GetRequiredService<BackupStore>();

        await backups.SaveArchiveAsync(new("local"), Archive(now) with { Gap = "000000010000000000000007" }, Token);
        await backups.RecordAsync(new("local"), "b1", 3, "a segment is missing", new(), now.AddSeconds(1), Token);
        await services
            .GetRequiredService<DrillStore>()
            .RecordAsync(Drill("j-drill-2", now, "nothing came back"), "r", "tester", Token);

        var planned = await plane.Plane.RunAsync("rollout", "plan", "--release", "2026.11.2");

        Assert.Contains("  gate protected: fail\n", planned.Output, StringComparison.Ordinal);
        Assert.Contains(
            "archive-gap: the archive of site local lacks 000000010000000000000007",
            planned.Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "restore-failed: the last restore that counts for t1, the verification of backup b1, failed: a segment is missing",
            planned.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("backup-missing: ", planned.Output, StringComparison.Ordinal);
        Assert.Contains("  gate drilled: fail\n    cluster-loss-failed: ", planned.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_drill_that_restored_the_cluster_and_read_all_of_it_proves_its_tenants_and_one_that_did_not_read_it_does_not()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);
        await GovernAsync(
            plane,
            EnvironmentPolicy.Default with
            {
                Protection = new() { Restore = TimeSpan.FromDays(30) },
            }
        );
        var services = plane.Plane.Services;
        await services
            .GetRequiredService<ObjectiveStore>()
            .ReplaceAsync([new(Orders, [new("t1"), new("t2"), new("t3")])], Token);
        var now = TimeProvider.System.GetUtcNow();
        var unread = Drill("j-drill-1", now.AddMinutes(-5));
        var drills = services.GetRequiredService<DrillStore>();
        await drills.RecordAsync(unread, "r", "tester", Token);

        var before = await plane.Plane.RunAsync("rollout", "plan", "--release", "2026.11.2");
        Assert.Contains("  gate protected: inconclusive\n    restore-never: ", before.Output, StringComparison.Ordinal);

        var read = Drill("j-drill-2", now);
        await drills.RecordAsync(
            read with
            {
                Measured = read.Measured with { Restored = new(["db1", "db2", "db3"], TimeSpan.FromMinutes(2)) },
            },
            "r",
            "tester",
            Token
        );

        var after = await plane.Plane.RunAsync("rollout", "plan", "--release", "2026.11.2");
        Assert.Contains("  gate protected: pass\n", after.Output, StringComparison.Ordinal);
        await drills.RecordAsync(Drill("j-drill-3", now.AddMinutes(1), "nothing came back"), "r", "tester", Token);
        Assert.DoesNotContain(
            "gate protected: pass",
            (await plane.Plane.RunAsync("rollout", "plan", "--release", "2026.11.2")).Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Ten_thousand_tenants_cost_as_many_statements_as_one()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);
        await GovernAsync(plane, Careful);
        await ProtectAsync(plane.Plane);
        var few = await StatementsAsync();
        Assert.InRange(few, 5, 40);
        await plane.Plane.QueryAsync(
            """
            with made as (
                insert into tenant (name, pool, database, hosts, time_zone, profile, release)
                select 'many' || n, pool, 'many' || n, array['many' || n || '.example'], time_zone, profile, release
                  from tenant, generate_series(1, 10000) n where name = 't1' returning 1)
            select count(*)::text from made
            """
        );

        var begun = TimeProvider.System.GetTimestamp();
        Assert.Equal(few, await StatementsAsync());
        Assert.InRange(TimeProvider.System.GetElapsedTime(begun).TotalSeconds, 0, 20);

        async Task<int> StatementsAsync()
        {
            using var counted = new CountedStatements();
            var answer = await plane
                .Plane.Services.GetRequiredService<ProtectionWorkGates>()
                .AskAsync(
                    new(
                        new(new("production"), Plans.New, new(), [], [], "sha256:0"),
                        new("2026.11.2", "production"),
                        []
                    ),
                    Token
                );
            Assert.Equal(2, answer.Length);
            return counted.Count;
        }
    }

    /// <summary>Git has the policy, and asks for no release: people start.</summary>
    private static async Task GovernAsync(PromotionPlane plane, EnvironmentPolicy policy) =>
        await plane
            .Plane.Services.GetRequiredService<EnvironmentTermsStore>()
            .ApplyAsync([PromotionPlane.Terms("production", 2, policy) with { Release = null }], [], Token);

    private static ArchiveState Archive(DateTimeOffset now) => new(now, "x", now, "a", "x", null, null);

    /// <summary>Records what makes every part pass: as loops, jobs and drills would.</summary>
    private static async Task ProtectAsync(ScriptedControlPlane plane)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (services, local) = (plane.Services, new SiteName("local"));
        var backups = services.GetRequiredService<BackupStore>();
        await backups.SaveAsync(
            local,
            [
                (
                    new(
                        "b1",
                        BackupType.Full,
                        now.AddHours(-2),
                        now.AddHours(-1),
                        new(1),
                        new(2),
                        new(1, 1),
                        new(1, 2),
                        1,
                        1,
                        null,
                        [],
                        false,
                        "j-1"
                    ),
                    [new("db1", 1), new("db2", 2), new("db3__next", 3)]
                ),
            ],
            now,
            Token
        );
        await backups.RecordAsync(
            local,
            "b1",
            Rungs.Checked,
            null,
            new(FetchSeconds: 5, ReplaySeconds: 5, CheckSeconds: 5),
            now,
            Token
        );
        await backups.SaveArchiveAsync(local, Archive(now), Token);
        await services
            .GetRequiredService<ObjectiveStore>()
            .ReplaceAsync([new(Orders, [new("t1"), new("t2"), new("t3")])], Token);
        await services.GetRequiredService<DrillStore>().RecordAsync(Drill("j-drill-1", now), "r", "tester", Token);
        await plane.UntilQueryAsync(
            "select count(*)::text from tenant_observation where tenant in ('t1', 't2', 't3') and modules is not null",
            "3"
        );
        var seen = await services.GetRequiredService<ObservationStore>().ReadAsync(new("production"), Token);
        foreach (var (tenant, stored) in seen)
        {
            var modules = ((TenantObservation.Seen)stored.Observation).Installed;
            await services
                .GetRequiredService<RehearsalStore>()
                .SaveAsync(
                    Rehearsal(
                        tenant,
                        RehearsalValidity.Fingerprint(
                            modules.Select(each => KeyValuePair.Create(each.Key, (string?)each.Value))
                        ),
                        now
                    ),
                    Token
                );
        }
    }

    private static readonly RecoveryObjective Orders = new(
        new("orders"),
        "order-capture",
        TimeSpan.FromMinutes(15),
        TimeSpan.FromMinutes(1)
    )
    {
        Drills = new() { ClusterLoss = TimeSpan.FromDays(90) },
        Proof = GateDemand.Required,
    };

    private static DrillResult Drill(string job, DateTimeOffset now, string? failure = null)
    {
        var measured = new DrillMeasurement(
            TimeSpan.FromMinutes(1),
            TimeSpan.FromSeconds(1),
            10,
            0,
            DrillMeasurement.Nothing.Documents,
            [new("it is there", failure is null, "looked at")]
        );
        return new(
            DrillId.Of(new JobId(job)),
            DrillScenario.ClusterLoss,
            new("local"),
            null,
            now.AddMinutes(-2),
            now,
            [],
            measured,
            DrillVerdict.Judge(measured, [Orders], failure),
            failure
        );
    }

    private static RehearsalRecord Rehearsal(TenantName tenant, string modules, DateTimeOffset now) =>
        new(
            new JobId($"j-rehearsal-{tenant}"),
            tenant,
            new("local"),
            Plans.Old,
            Plans.New,
            [],
            modules,
            new("b1", null, now.AddHours(-1), IsBackup: true),
            now.AddMinutes(-9),
            now,
            HasPassed: true,
            "as expected",
            [new("restore", 12, "restored")],
            null,
            null,
            null,
            null,
            "no network"
        );
}
