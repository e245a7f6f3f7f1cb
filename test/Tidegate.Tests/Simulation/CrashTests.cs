using Tidegate.ControlPlane.Rollouts;
using Tidegate.Simulator;

namespace Tidegate.Tests.Simulation;

public sealed class CrashTests
{
    public static TheoryData<string> Scenarios => [.. Scenario.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task A_control_plane_killed_anywhere_leaves_the_same_end_state_as_one_that_lives(string name)
    {
        var scenario = Scenario.Named(name);
        var undisturbed = CrashPlan.Never();
        var expected = Scenario.Result(await scenario.RunAsync(undisturbed));
        Assert.True(undisturbed.Points > 50);

        for (var at = 1; at <= undisturbed.Points; at++)
        {
            var killed = new CrashPlan(point => point == at);

            var result = Scenario.Result(await scenario.RunAsync(killed));

            Assert.Equal(1, killed.Crashes);
            Assert.Equal(expected, result);
        }
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task One_that_is_killed_again_and_again_gets_there_too(string name)
    {
        var scenario = Scenario.Named(name);
        var expected = Scenario.Result(await scenario.RunAsync(CrashPlan.Never()));

        // The longest step, a migration that must copy anew, needs twelve points: each life gets a little further.
        var result = Scenario.Result(await scenario.RunAsync(new CrashPlan(point => point % 17 == 0)));

        Assert.Equal(expected, result);
    }

    [Fact]
    public async Task The_scenarios_end_as_they_are_named()
    {
        Assert.Equal(RolloutOutcome.Completed, await OutcomeAsync("a good release"));
        Assert.Equal(RolloutOutcome.RolledBack, await OutcomeAsync("a release that fails at verify"));
        Assert.Equal(RolloutOutcome.CompletedWithExceptions, await OutcomeAsync("a busy tenant"));
        Assert.Equal(RolloutOutcome.CompletedWithExceptions, await OutcomeAsync("a way back that needs attempts"));
        Assert.Equal(RolloutOutcome.Completed, await OutcomeAsync("a tool that answers at the third attempt"));
    }

    private static async Task<RolloutOutcome?> OutcomeAsync(string scenario) =>
        (await Scenario.Named(scenario).RunAsync(CrashPlan.Never())).Outcome;
}
