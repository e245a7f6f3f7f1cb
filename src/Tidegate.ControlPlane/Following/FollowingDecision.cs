using System.Collections.Immutable;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Views;

namespace Tidegate.ControlPlane.Following;

/// <summary>What a commit comes to.</summary>
public abstract record FollowingDecision
{
    private FollowingDecision() { }

    /// <summary>It is the one that was taken last.</summary>
    public sealed record Nothing : FollowingDecision;

    /// <summary>Its state is taken, all at once.</summary>
    /// <param name="Changes">What is different from the last good state; null where that is not known.</param>
    public sealed record Accept(SourceCommit Commit, DesiredFleet Fleet, ImmutableArray<ObjectChange>? Changes)
        : FollowingDecision;

    /// <summary>The last good state stays.</summary>
    public sealed record Refuse(SourceFinding Finding) : FollowingDecision;
}
