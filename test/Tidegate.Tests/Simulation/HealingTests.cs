using System.Collections.Immutable;
using Tidegate.ControlPlane.Drift;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Simulator;
using Tidegate.Simulator.Steps;
using Tidegate.Simulator.World;
using Tidegate.TestKit;

namespace Tidegate.Tests.Simulation;

/// <summary>Healings on a fleet in memory, carried out by the real engine, from drift that the real comparison found.</summary>
public sealed class HealingTests
{
    private const int Tenants = 3;
    private static readonly RecordedGeneration Made = new(2, null);
    private static readonly PoolName Pool = new("shared");

    private static readonly ImmutableArray<FleetMember> Members =
    [
        .. Enumerable
            .Range(1, Tenants)
            .Select(number => Plans.Candidate(number))
            .Select(candidate => new FleetMember(candidate.Tenant, candidate.Pool, candidate.From, null, false)),
    ];

    /// <summary>What hands did, by name.</summary>
    private static readonly ImmutableDictionary<string, Action<SimulatedSite>> Hands = ImmutableDictionary<
        string,
        Action<SimulatedSite>
    >
        .Empty.Add("another owner", site => Live(site).Owner = "postgres")
        .Add("a closed database", site => Live(site).IsClosed = true)
        .Add("a grant", site => Live(site).Writers.Add(Plans.New.Digest))
        .Add("a revoke", site => Live(site).Writers.Clear())
        .Add("a route", site => site.SetRoute(site.Tenant(new("t2")), Plans.New.Digest))
        .Add("a list of scheduled jobs", site => site.Tenant(new("t2")).Cron = null)
        .Add("an option", site => site.Change(Pool, Plans.Old.Digest));

    public static TheoryData<string> Cases => [.. Hands.Keys, "all at once"];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_hands_did_is_found_and_undone(string hands)
    {
        var site = await HealedAsync(hands, CrashPlan.Never());

        Assert.Equal(EndState.Of(Clean()), EndState.Of(site.Site));
        Assert.Empty(await DifferencesAsync(site.Site));
        Assert.All(site.Store.Upgrades, upgrade => Assert.Equal(UpgradeEnding.Completed, upgrade.Ending));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Killed_anywhere_a_healing_ends_the_same(string hands)
    {
        var undisturbed = CrashPlan.Never();
        var expected = EndState.Of((await HealedAsync(hands, undisturbed)).Site);

        for (var at = 1; at <= undisturbed.Points; at++)
        {
            var healed = await HealedAsync(hands, new CrashPlan(point => point == at));

            Assert.Equal(expected, EndState.Of(healed.Site));
            Assert.All(healed.Site.Tenants, tenant => Assert.Null(tenant.Hold));
        }
    }

    [Fact]
    public async Task A_healing_that_is_carried_out_twice_changes_nothing_the_second_time()
    {
        var first = await HealedAsync("all at once", CrashPlan.Never());
        var before = EndState.Of(first.Site);
        foreach (var tenant in first.Site.Tenants)
        {
            tenant.Epoch = 0; // another store counts anew
        }

        var again = await Simulator.Simulation.StartAsync(
            Healing(await DifferencesAsync(Messed("all at once"))),
            first.Site,
            FaultPlan.None,
            Cancel
        );
        await again.RunAsync(CrashPlan.Never(), null, Cancel);

        Assert.Equal(before, EndState.Of(again.Site));
        Assert.All(again.Store.Upgrades, upgrade => Assert.Equal(UpgradeEnding.Completed, upgrade.Ending));
    }

    [Theory]
    [InlineData("restore-rights")]
    [InlineData("restart-generation")]
    [InlineData("restore-route")]
    public async Task A_step_that_fails_holds_nobody_and_changes_nothing(string step)
    {
        var messed = Messed("all at once");
        var before = EndState.Of(messed);
        var simulation = await Simulator.Simulation.StartAsync(
            Healing([.. (await DifferencesAsync(messed)).Where(difference => Kind(difference) == step)]),
            messed,
            new FaultPlan(
                Members.ToDictionary(
                    member => (member.Tenant.Name, step),
                    _ => (Fault)new Fault.Bad("PostgreSQL says no")
                )
            ),
            Cancel
        );
        await simulation.RunAsync(CrashPlan.Never(), null, Cancel);

        Assert.Equal(before, EndState.Of(simulation.Site));
        Assert.All(simulation.Store.Upgrades, upgrade => Assert.Equal(UpgradeEnding.RolledBack, upgrade.Ending));
        Assert.NotNull(simulation.Outcome);
    }

    [Fact]
    public async Task Users_who_come_while_a_generation_starts_anew_wait_and_are_answered()
    {
        var messed = Messed("an option");
        var simulation = await Simulator.Simulation.StartAsync(
            Healing(await DifferencesAsync(messed)),
            messed,
            FaultPlan.None,
            Cancel,
            hasTraffic: true
        );
        await simulation.RunAsync(CrashPlan.Never(), null, Cancel);

        Assert.All(messed.Tenants, tenant => Assert.Equal(0, tenant.FailedRequests));
        Assert.NotEmpty(messed.Tenant(new("t1")).Acknowledged);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static SimulatedDatabase Live(SimulatedSite site) => site.Tenant(new("t2")).Live;

    private static SimulatedSite Clean() => SimulatedSite.Of(Plans.Of(Tenants));

    private static SimulatedSite Messed(string hands)
    {
        var site = Clean();
        foreach (var hand in Hands.Where(hand => hands == "all at once" || hand.Key == hands))
        {
            hand.Value(site);
        }

        return site;
    }

    private static async Task<Simulator.Simulation> HealedAsync(string hands, IPointPlan points)
    {
        var messed = Messed(hands);
        var simulation = await Simulator.Simulation.StartAsync(
            Healing(await DifferencesAsync(messed)),
            messed,
            FaultPlan.None,
            Cancel
        );
        await simulation.RunAsync(points, null, Cancel);
        return simulation;
    }

    private static string? Kind(Difference difference) =>
        difference.Code.Remedy switch
        {
            Remedy.Rights => "restore-rights",
            Remedy.Generation => "restart-generation",
            Remedy.Route => "restore-route",
            _ => null,
        };

    private static NewRollout Healing(ImmutableArray<Difference> differences)
    {
        var plan = HealingPlanner.Plan(differences, Members, ImmutableHashSet<TenantName>.Empty);
        return Plans.Rollout(Assert.Single(plan.Plans), "h-1") with { Kind = RolloutKind.Healing };
    }

    private static async Task<ImmutableArray<Difference>> DifferencesAsync(SimulatedSite site) =>
        DriftComparison
            .Compare(
                ExpectedSite.Of(
                    new("local"),
                    Members,
                    ImmutableHashSet<TenantName>.Empty,
                    ImmutableDictionary<TenantName, LastAct>.Empty
                ),
                await new SimulatedLiveState(site, Made).ReadAsync(
                    [.. Members.Select(member => member.Tenant.Database)],
                    Cancel
                ),
                new Dictionary<TenantName, ModuleQuestion>(),
                []
            )
            .Differences;
}
