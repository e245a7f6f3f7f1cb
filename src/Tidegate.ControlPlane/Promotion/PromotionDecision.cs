using System.Collections.Immutable;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Promotion.Gates;

namespace Tidegate.ControlPlane.Promotion;

/// <summary>What becomes of planned work now.</summary>
public abstract record PromotionDecision
{
    private PromotionDecision() { }

    /// <summary>A gate does not let it through.</summary>
    /// <param name="Gates">All that were asked, in their order.</param>
    /// <param name="Wake">When to ask again at the latest.</param>
    public sealed record Wait(ImmutableArray<AskedGate> Gates, DateTimeOffset Wake) : PromotionDecision;

    /// <summary>Every gate lets it through.</summary>
    public sealed record Start(ImmutableArray<AskedGate> Gates, PlanRollout Request) : PromotionDecision;

    /// <summary>Every tenant runs the release already.</summary>
    public sealed record Done : PromotionDecision;
}
