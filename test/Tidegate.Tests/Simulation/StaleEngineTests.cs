using Tidegate.Simulator;
using Tidegate.Simulator.World;

namespace Tidegate.Tests.Simulation;

public sealed class StaleEngineTests
{
    [Theory]
    [InlineData("a good release")]
    [InlineData("a release that fails at migrate")]
    [InlineData("a release that fails at verify")]
    [InlineData("a way back that needs attempts")]
    public async Task A_control_plane_stopped_anywhere_beyond_its_lease_changes_nothing_when_it_goes_on(string name)
    {
        var scenario = Scenario.Named(name);
        var expected = Scenario.Result(await scenario.RunAsync(CrashPlan.Never()));
        var stoppedInSteps = 0;
        for (var at = 1; await StopAtAsync(scenario, at, expected) is { } place; at++)
        {
            stoppedInSteps += place is "copy" or "migrate" or "swap" or "swap-back" ? 1 : 0;
        }

        Assert.True(stoppedInSteps > 0);
    }

    /// <summary>Stops the first engine at a point, lets a second one finish, and wakes the first. The place; null past the last point.</summary>
    private static async Task<string?> StopAtAsync(Scenario scenario, int at, IEnumerable<string> expected)
    {
        var simulation = await scenario.StartAsync();
        var freeze = new FreezePlan(at);
        var first = simulation.NewEngine(freeze);
        var stopped = await Scenario.UntilStoppedAsync(simulation, first, freeze);
        if (stopped is null)
        {
            return null;
        }

        await simulation.RunAsync(CrashPlan.Never(), afterCrash: null, TestContext.Current.CancellationToken);
        Assert.Equal(expected, Scenario.Result(simulation));
        var databases = simulation.Site.Tenants.Select(tenant => tenant.Live.Oid).ToArray();

        freeze.Thaw();
        await stopped;

        Assert.Equal(expected, Scenario.Result(simulation));
        Assert.Equal(databases, simulation.Site.Tenants.Select(tenant => tenant.Live.Oid));
        Assert.Empty(Invariants.AtRest(simulation.Site, simulation.Completed));
        return await freeze.Frozen;
    }
}
