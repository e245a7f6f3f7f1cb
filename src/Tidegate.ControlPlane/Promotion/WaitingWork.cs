using System.Collections.Immutable;
using Tidegate.ControlPlane.Promotion.Facts;
using Tidegate.ControlPlane.Promotion.Gates;

namespace Tidegate.ControlPlane.Promotion;

/// <summary>Planned work with what was found out about it.</summary>
/// <param name="WakeAt">When its gates are to be asked again.</param>
/// <param name="Order">What a person said about it, or null.</param>
/// <param name="JudgedAt">When its gates were asked last; null when they never were.</param>
/// <param name="Gates">What they said then.</param>
public sealed record WaitingWork(
    PlannedWork Work,
    DateTimeOffset WakeAt,
    StartOrder? Order,
    DateTimeOffset? JudgedAt,
    ImmutableArray<AskedGate> Gates
)
{
    public PromotionQuestion Question => new(Work.Environment, Work.Release, Order);
}

/// <summary>What is kept of a look at planned work that goes on waiting.</summary>
/// <param name="Seen">The wake-up that it was found with: one that a person has set since is not overwritten.</param>
public sealed record JudgedWork(long Id, DateTimeOffset Seen, DateTimeOffset Wake, ImmutableArray<AskedGate> Gates);
