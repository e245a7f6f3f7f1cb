using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Simulator.Steps;
using Tidegate.Simulator.World;
using Tidegate.TestKit;

namespace Tidegate.Tests.Simulation;

/// <summary>A release that goes well or badly on a few tenants, run as often as a test likes.</summary>
internal sealed record Scenario(
    string Name,
    int Tenants,
    RolloutPolicy Policy,
    IReadOnlyDictionary<(TenantName, string), Fault> Faults
)
{
    private static readonly RolloutPolicy Patient = new() { Bake = TimeSpan.FromMinutes(5), FailureBudget = 1 };

    public static readonly ImmutableArray<Scenario> All =
    [
        new("a good release", 3, Patient, new Dictionary<(TenantName, string), Fault>()),
        Bad("preflight"),
        Bad("migrate"),
        Bad("judge"),
        Bad("warm"),
        Bad("verify"),
        Bad("bake"),
        One("a busy tenant", "quiesce", new Fault.Busy("a cron job runs")),
        One("a tool that answers at the third attempt", "copy", new Fault.Flaky(2)),
        One(
            "a way back that needs attempts",
            "verify",
            new Fault.Bad("prices"),
            ("unfence", new Fault.Flaky(4)),
            ("swap-back", new Fault.Flaky(1))
        ),
        One("opening that needs attempts", "open", new Fault.Flaky(5)),
        One("a drain that takes its time", "hold", new Fault.Slow(3, TimeSpan.FromSeconds(2))),
    ];

    public static Scenario Named(string name) =>
        All.Single(scenario => string.Equals(scenario.Name, name, StringComparison.Ordinal));

    public async Task<Simulator.Simulation> StartAsync() =>
        await Simulator.Simulation.StartAsync(
            Plans.Rollout(Plans.Of(Tenants, Policy)),
            new FaultPlan(Faults),
            hasTraffic: true,
            TestContext.Current.CancellationToken
        );

    /// <summary>Runs to the end and checks what must hold on the way and then.</summary>
    public async Task<Simulator.Simulation> RunAsync(Simulator.IPointPlan points)
    {
        var simulation = await StartAsync();
        await simulation.RunAsync(
            points,
            () => Assert.Empty(Invariants.Always(simulation.Site)),
            TestContext.Current.CancellationToken
        );
        AssertAtRest(simulation);
        return simulation;
    }

    public static void AssertAtRest(Simulator.Simulation simulation)
    {
        Assert.NotNull(simulation.Outcome);
        Assert.All(simulation.Store.Upgrades, upgrade => Assert.Equal(UpgradeState.Ended, upgrade.State));
        Assert.Empty(Invariants.AtRest(simulation.Site, simulation.Completed));
    }

    /// <summary>The turn in which the engine stopped; null when it came to the end instead.</summary>
    public static async Task<Task?> UntilStoppedAsync(
        Simulator.Simulation simulation,
        RolloutEngine engine,
        Simulator.FreezePlan freeze
    )
    {
        while (true)
        {
            var turn = engine.TurnAsync(TestContext.Current.CancellationToken);
            if (await Task.WhenAny(turn, freeze.Frozen) == freeze.Frozen)
            {
                return turn;
            }

            if (!await turn && !simulation.PassTime())
            {
                return null;
            }
        }
    }

    /// <summary>What two runs of one scenario must have in common.</summary>
    public static ImmutableArray<string> Result(Simulator.Simulation simulation) =>
        [
            $"{simulation.Outcome}",
            .. simulation
                .Store.Upgrades.OrderBy(upgrade => upgrade.Target.Tenant.Value, StringComparer.Ordinal)
                .Select(upgrade => $"{upgrade.Target.Tenant} {upgrade.Ending}: {upgrade.Reason}"),
            .. EndState.Of(simulation.Site),
        ];

    public override string ToString() => Name;

    private static Scenario Bad(string step) =>
        new(
            $"a release that fails at {step}",
            2,
            Patient with
            {
                FailureBudget = 0,
            },
            new Dictionary<(TenantName, string), Fault> { [(new("t1"), step)] = new Fault.Bad($"{step} failed") }
        );

    private static Scenario One(
        string name,
        string step,
        Fault fault,
        params ReadOnlySpan<(string Step, Fault Fault)> more
    )
    {
        var faults = new Dictionary<(TenantName, string), Fault> { [(new("t2"), step)] = fault };
        foreach (var (other, its) in more)
        {
            faults[(new("t2"), other)] = its;
        }

        return new(name, 3, Patient, faults);
    }
}
