using System.Collections.Immutable;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Following;

/// <summary>All that is known when it is decided what a commit comes to.</summary>
/// <param name="Commit">The commit in question.</param>
/// <param name="Good">What was taken last; null before the first time.</param>
/// <param name="Relation">From the last good commit to this one; null before the first time.</param>
/// <param name="IsWaived">A person takes this very commit, whatever became of history.</param>
/// <param name="Reading">What the commit's files say.</param>
/// <param name="Terms">What git said of environments until now.</param>
/// <param name="Asked">Every release that an environment ever asked for, with its digest.</param>
/// <param name="Evidence">Who wrote, merged, reviewed and signed what lies between.</param>
public sealed record FollowingFacts(
    SourceCommit Commit,
    GoodState? Good,
    HistoryRelation? Relation,
    bool IsWaived,
    FleetReading Reading,
    ImmutableDictionary<EnvironmentName, EnvironmentTerms> Terms,
    ImmutableDictionary<ReleaseName, ReleaseDigest> Asked,
    SourceEvidence Evidence
);

/// <summary>What shows how the commits of a range came to the branch.</summary>
/// <param name="Commits">Those that the new commit has and the last good one has not, the newest first.</param>
/// <param name="Count">How many there are; more than <paramref name="Commits"/> where these were cut.</param>
public sealed record SourceEvidence(ImmutableArray<SourceCommit> Commits, int Count)
{
    /// <summary>Commits whose fleet is that of their first parent: they changed something else.</summary>
    public ImmutableHashSet<CommitId> Untouching { get; init; } = [];

    /// <summary>What forges have told of changes that ended as one of these commits.</summary>
    public ImmutableArray<ForgeChange> Changes { get; init; } = [];
}
