using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Simulator.Steps;

/// <summary>What goes wrong in a step, on demand.</summary>
public abstract record Fault
{
    private Fault() { }

    /// <summary>The step finds that the release must not go on.</summary>
    public sealed record Bad(string Reason) : Fault;

    /// <summary>The tenant is busy beyond the bound.</summary>
    public sealed record Busy(string Reason) : Fault;

    /// <summary>So many attempts end in an exception, the next succeeds.</summary>
    public sealed record Flaky(int Times) : Fault;

    /// <summary>So many attempts have to wait, the next succeeds.</summary>
    public sealed record Slow(int Times, TimeSpan Wait) : Fault;
}

/// <summary>The faults of a run, by tenant and step. Belongs to the site: it outlives control planes.</summary>
public sealed class FaultPlan(IReadOnlyDictionary<(TenantName Tenant, string Step), Fault> faults)
{
    private readonly Dictionary<StepId, int> used = [];

    public static FaultPlan None { get; } = new(new Dictionary<(TenantName, string), Fault>());

    /// <summary>What the step ends in because of a fault; null when it may do its work.</summary>
    /// <exception cref="TimeoutException">The fault is an attempt that fails.</exception>
    public StepOutcome? Outcome(StepContext context) =>
        !faults.TryGetValue((context.Target.Tenant, context.StepId.Kind), out var fault)
            ? null
            : fault switch
            {
                Fault.Bad bad => new StepOutcome.Failed(bad.Reason),
                Fault.Busy busy => new StepOutcome.PutOff(busy.Reason),
                Fault.Flaky flaky => IsUsedUp(context.StepId, flaky.Times)
                    ? null
                    : throw new TimeoutException($"{context.StepId.Kind} got no answer"),
                Fault.Slow slow => IsUsedUp(context.StepId, slow.Times)
                    ? null
                    : new StepOutcome.NotYet(slow.Wait, "still at it"),
                _ => throw new System.Diagnostics.UnreachableException(),
            };

    private bool IsUsedUp(StepId step, int times)
    {
        var before = used.GetValueOrDefault(step);
        used[step] = before + 1;
        return before >= times;
    }
}
