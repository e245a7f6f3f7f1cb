using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Promotion;

/// <summary>A release that git asks for in an environment, until it is done there or something newer is asked for.</summary>
/// <param name="Commit">The commit that asked.</param>
/// <param name="Author">Who wrote it, as git says: <c>Ann Lee &lt;ann@example.com&gt;</c>.</param>
/// <param name="Rollout">The rollout that took it last, or null.</param>
public sealed record PlannedWork(
    long Id,
    EnvironmentName Environment,
    ReleaseRef Release,
    string Commit,
    string Author,
    DateTimeOffset RequestedAt,
    PlannedWorkState State,
    RolloutId? Rollout
);

/// <summary>Where planned work stands. Stored by name.</summary>
public enum PlannedWorkState
{
    /// <summary>Nothing has begun; its gates are asked again and again.</summary>
    Waiting,

    /// <summary>A rollout carries it out.</summary>
    Started,

    /// <summary>Something newer was asked for before it was done.</summary>
    Superseded,

    /// <summary>Its rollout went through, or there was nothing to do. After one that went back it waits again, and a hold keeps it.</summary>
    Done,

    /// <summary>Nobody asks for it any more.</summary>
    Dropped,
}

/// <summary>What git asks for now: the release that an environment is to run.</summary>
/// <param name="Release">By the name and digest that git gives; whether such a release is registered is a gate's question.</param>
public sealed record AskedRelease(EnvironmentName Environment, ReleaseRef Release, string Commit, string Author);
