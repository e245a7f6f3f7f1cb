using System.Collections.Immutable;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion.Facts;
using Tidegate.ControlPlane.Promotion.Gates;

namespace Tidegate.ControlPlane.Promotion;

/// <summary>Decides what becomes of planned work. Pure: with the same facts it waits until an instant, and starts from then on.</summary>
public static class PromotionDecider
{
    /// <summary>After which time gates are asked again that pass by themselves, at no known instant: a rollout ends, a release is judged.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    /// <summary>The same where somebody has to do something first.</summary>
    public static readonly TimeSpan Later = TimeSpan.FromSeconds(5);

    /// <summary>Gates that an instant ends are asked now and then all the same, so that what people read stays true.</summary>
    public static readonly TimeSpan Latest = TimeSpan.FromMinutes(1);

    /// <summary>After which time a plan is made again that could not start, the first time.</summary>
    public static readonly TimeSpan AfterPlan = TimeSpan.FromSeconds(10);

    public static PromotionDecision Next(PromotionFacts facts, DateTimeOffset now)
    {
        if (facts is { Here: { Tenants: > 0 } here, Running: null } && here.OnRelease == here.Tenants)
        {
            return new PromotionDecision.Done();
        }

        var gates = PromotionGates.Ask(facts, now);
        return gates.All(gate => gate.LetsThrough)
            ? new PromotionDecision.Start(gates, Request(facts))
            : new PromotionDecision.Wait(gates, Wake(gates, now));
    }

    /// <summary>When gates are to be asked again that did not let work through.</summary>
    internal static DateTimeOffset Wake(ImmutableArray<AskedGate> gates, DateTimeOffset now)
    {
        var reasons = gates.Where(gate => !gate.LetsThrough).SelectMany(gate => gate.Answer.Reasons).ToList();
        var open = reasons.FindAll(reason => reason.Until is null);
        var pause =
            open.Count == 0 ? Latest
            : open.Exists(reason => reason.Clears == Clearing.Nobody) ? Soon
            : Later;
        return Ends(gates).Where(until => until > now).Append(now + pause).Min();
    }

    /// <summary>
    /// When a plan is made again that could not start. To make one looks at databases: one that comes to the same is made
    /// less often each time. What somebody does about it (agrees, changes git) wakes the work by itself.
    /// </summary>
    /// <param name="last">When the plan before was made, if it came to the very same; null otherwise.</param>
    internal static DateTimeOffset WakeAfterPlan(
        ImmutableArray<AskedGate> gates,
        DateTimeOffset? last,
        DateTimeOffset now
    )
    {
        var again = last is { } before ? 2 * (now - before) : AfterPlan;
        return Ends(gates)
            .Where(until => until > now)
            .Append(
                now
                    + (
                        again < AfterPlan ? AfterPlan
                        : again > Latest ? Latest
                        : again
                    )
            )
            .Min();
    }

    private static IEnumerable<DateTimeOffset> Ends(ImmutableArray<AskedGate> gates) =>
        gates
            .Where(gate => !gate.LetsThrough)
            .SelectMany(gate => gate.Answer.Reasons)
            .Select(reason => reason.Until)
            .OfType<DateTimeOffset>();

    private static PlanRollout Request(PromotionFacts facts) =>
        new(
            facts.Release.Name,
            facts.Environment.Value,
            facts.Policy.Rollout,
            Supersede: facts.Running is not null && facts.Policy.WhenBusy is BusyMode.Supersede,
            Older: facts.Question.Order is { Older: true }
        );
}
