using Tidegate.ControlPlane.Rollouts;
using Tidegate.Simulator;
using Tidegate.TestKit;

namespace Tidegate.Tests.Simulation;

/// <summary>A rollout may be given up at any instant.</summary>
public sealed class AbortTests
{
    private static readonly OperatorCommand Order = new(new RolloutId("r-1"), "os/0", "wrong day", Plans.Start);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a good release")]
    [InlineData("a release that fails at verify")]
    [InlineData("a way back that needs attempts")]
    [InlineData("a drain that takes its time")]
    public async Task Aborted_between_any_two_steps_every_tenant_is_whole_and_none_begins(string name)
    {
        var outcomes = new HashSet<RolloutOutcome?>();
        for (var turns = 0; ; turns++)
        {
            var simulation = await Scenario.Named(name).StartAsync();
            var engine = simulation.NewEngine(CrashPlan.Never());
            if (!await TakeTurnsAsync(simulation, engine, turns))
            {
                break;
            }

            await AbortAsync(simulation);
            await simulation.RunAsync(CrashPlan.Never(), afterCrash: null, Token);

            Scenario.AssertAtRest(simulation);
            outcomes.Add(simulation.Outcome);
        }

        Assert.Contains(RolloutOutcome.RolledBack, outcomes);
    }

    [Fact]
    public async Task Aborted_inside_any_step_the_engine_that_carries_it_out_changes_nothing_any_more()
    {
        for (var at = 1; ; at++)
        {
            var simulation = await Scenario.Named("a good release").StartAsync();
            var freeze = new FreezePlan(at);
            if (await Scenario.UntilStoppedAsync(simulation, simulation.NewEngine(freeze), freeze) is not { } stopped)
            {
                break;
            }

            await AbortAsync(simulation);
            await simulation.RunAsync(CrashPlan.Never(), afterCrash: null, Token);
            var expected = Scenario.Result(simulation);
            freeze.Thaw();
            await stopped;

            Scenario.AssertAtRest(simulation);
            Assert.Equal(expected, Scenario.Result(simulation));
        }
    }

    private static Task<AbortResult> AbortAsync(Simulator.Simulation simulation) =>
        simulation.Store.AbortAsync(Order with { Now = simulation.Clock.GetUtcNow() }, Token);

    /// <summary>False when the rollout ends before.</summary>
    private static async Task<bool> TakeTurnsAsync(Simulator.Simulation simulation, RolloutEngine engine, int turns)
    {
        for (var turn = 0; turn < turns; turn++)
        {
            while (!await engine.TurnAsync(Token))
            {
                if (!simulation.PassTime())
                {
                    return false;
                }
            }
        }

        return simulation.Outcome is null;
    }
}
