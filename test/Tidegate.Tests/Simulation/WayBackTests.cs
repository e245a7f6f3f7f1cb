using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Simulator;
using Tidegate.Simulator.Steps;
using Tidegate.Simulator.World;
using Tidegate.TestKit;

namespace Tidegate.Tests.Simulation;

/// <summary>A way back of a tenant's data, after its upgrade, on a fleet in memory: good or bad, killed anywhere, it ends the same.</summary>
public sealed class WayBackTests
{
    private static readonly TenantName Tenant = new("t1");

    /// <summary>The step that fails; none where all goes well.</summary>
    public static TheoryData<string> Cases => ["", "measure-loss", "adopt", "swap", "warm", "verify"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task It_goes_back_whole_or_serves_on_as_if_nobody_had_asked(string fails)
    {
        var (before, after, outcome) = await RunAsync(fails, CrashPlan.Never());

        if (fails.Length > 0)
        {
            Assert.Equal((RolloutOutcome.RolledBack, before), (outcome, after), Same);
            return;
        }

        Assert.Equal(RolloutOutcome.Completed, outcome);
        Assert.Contains(
            $"route {Plans.Old.Digest.Short}, cron {Plans.Old.Digest.Short}",
            after[0],
            StringComparison.Ordinal
        );
        Assert.Equal(2, after[0].Split("; ").Length);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Killed_anywhere_it_ends_the_same(string fails)
    {
        var undisturbed = CrashPlan.Never();
        var (_, expected, outcome) = await RunAsync(fails, undisturbed);
        Assert.True(undisturbed.Points > 30);

        for (var at = 1; at <= undisturbed.Points; at++)
        {
            var killed = new CrashPlan(point => point == at);

            var (_, after, ended) = await RunAsync(fails, killed);

            Assert.Equal((1, outcome), (killed.Crashes, ended));
            Assert.Equal(expected, after);
        }
    }

    private static bool Same(
        (RolloutOutcome? Outcome, ImmutableArray<string> State) one,
        (RolloutOutcome? Outcome, ImmutableArray<string> State) other
    ) => one.Outcome == other.Outcome && one.State.SequenceEqual(other.State);

    /// <summary>The site after a good upgrade, the same after the way back, and how that ended.</summary>
    private static async Task<(
        ImmutableArray<string> Before,
        ImmutableArray<string> After,
        RolloutOutcome? Outcome
    )> RunAsync(string fails, CrashPlan points)
    {
        var upgrade = await Simulator.Simulation.StartAsync(
            Plans.Rollout(Plans.Of(1)),
            FaultPlan.None,
            hasTraffic: false,
            Token
        );
        await upgrade.RunAsync(CrashPlan.Never(), null, Token);
        var before = EndState.Of(upgrade.Site);
        upgrade.Site.Tenant(Tenant).Epoch = 0; // another store counts anew
        var back = await Simulator.Simulation.StartAsync(
            Plans.Rollout(RestorePlanner.Plan(Member(), Order(upgrade)), "w-1") with
            {
                Kind = RolloutKind.Restore,
            },
            upgrade.Site,
            new FaultPlan(
                fails.Length == 0
                    ? new Dictionary<(TenantName, string), Fault>()
                    : new Dictionary<(TenantName, string), Fault>
                    {
                        [(Tenant, fails)] = new Fault.Bad($"{fails} failed"),
                    }
            ),
            Token
        );
        await back.RunAsync(points, () => Assert.Empty(Invariants.Always(back.Site)), Token);
        Assert.NotNull(back.Outcome);
        Assert.Empty(Invariants.AtRest(back.Site, upgrade.Completed.Concat(back.Completed).ToHashSet()));
        return (before, EndState.Of(back.Site), back.Outcome);
    }

    private static FleetMember Member()
    {
        var candidate = Plans.Candidate(1);
        return new(
            candidate.Tenant with
            {
                Release = Plans.New.Digest,
            },
            candidate.Pool,
            Plans.New,
            BusyWith: null,
            IsQueued: false
        );
    }

    private static RestoreOrder Order(Simulator.Simulation upgrade)
    {
        var done = upgrade.Completed.Single();
        var checkpoint = upgrade
            .Site.Tenant(Tenant)
            .Databases.Single(database => database.Key.Contains("__old_", StringComparison.Ordinal));
        return new(
            new RestoreSource(checkpoint.Key, checkpoint.Value.Oid, done, Files: null),
            Plans.Old,
            new WrittenSince(Plans.Start, Transaction: null),
            LossAcceptance.None,
            Baseline: null
        );
    }
}
