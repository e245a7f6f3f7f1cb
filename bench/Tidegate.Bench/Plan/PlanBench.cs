using System.Diagnostics;
using System.Globalization;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Simulator;
using Tidegate.Simulator.Steps;
using Tidegate.Simulator.World;

namespace Tidegate.Bench.Plan;

/// <summary>Ten thousand tenants: planned, then taken through a simulated rollout in which the control plane keeps dying.</summary>
internal static class PlanBench
{
    private const int Tenants = 10_000;
    private const int StepsBetweenCrashes = 500;

    public static async Task<Figures> RunAsync(CancellationToken cancellationToken)
    {
        var fleet = BenchFleet.Of(Tenants);
        var planning = Stopwatch.StartNew();
        var plan = RolloutPlanner.Plan(BenchFleet.Request, fleet);
        var planned = planning.Elapsed;

        var crashes = new StepCrashPlan(StepsBetweenCrashes);
        var simulating = Stopwatch.StartNew();
        var simulation = await SimulateAsync(plan, crashes, cancellationToken);
        return new()
        {
            ["plan_10k_s"] = planned.TotalSeconds,
            ["simulated_10k_s"] = simulating.Elapsed.TotalSeconds,
            ["peak_mb"] = PeakMegabytes(),
            ["tenants_on_new_release"] = simulation.Completed.Count,
            ["steps"] = crashes.Steps,
            ["crashes"] = crashes.Crashes,
        };
    }

    private static async Task<Simulation> SimulateAsync(
        RolloutPlan plan,
        StepCrashPlan crashes,
        CancellationToken cancellationToken
    )
    {
        var simulation = await Simulation.StartAsync(
            BenchFleet.Rollout(plan),
            FaultPlan.None,
            hasTraffic: true,
            cancellationToken
        );
        await simulation.RunAsync(crashes, () => ThrowOnAny(Invariants.Always(simulation.Site)), cancellationToken);
        ThrowOnAny(Invariants.AtRest(simulation.Site, simulation.Completed));
        return simulation.Outcome is RolloutOutcome.Completed
            ? simulation
            : throw new InvalidOperationException($"The rollout ended {simulation.Outcome}.");
    }

    /// <summary>A figure of a simulation that lost something would be worth nothing.</summary>
    private static void ThrowOnAny(IEnumerable<string> violations)
    {
        if (violations.FirstOrDefault() is { } violation)
        {
            throw new InvalidOperationException(violation);
        }
    }

    private static double PeakMegabytes()
    {
        var line = File.ReadLines("/proc/self/status")
            .First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        var kilobytes = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1];
        return long.Parse(kilobytes, CultureInfo.InvariantCulture) / 1024.0;
    }
}
