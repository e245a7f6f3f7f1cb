using System.Collections.Immutable;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Following;

/// <summary>Why nothing of a commit is taken.</summary>
public abstract record SourceFinding(SourceCommit Commit)
{
    /// <summary>The commit does not come after the last good one: the branch was taken back, or history was written anew.</summary>
    public sealed record Rewritten(SourceCommit Commit, CommitId Good, HistoryRelation Relation)
        : SourceFinding(Commit);

    /// <summary>Its files are no fleet.</summary>
    /// <param name="Problems">The first ones.</param>
    public sealed record Broken(SourceCommit Commit, ImmutableArray<FleetProblem> Problems, int Count)
        : SourceFinding(Commit);

    /// <summary>Releases that environments have asked for became others under the same name.</summary>
    public sealed record Replaced(SourceCommit Commit, ImmutableArray<ReplacedRelease> Releases)
        : SourceFinding(Commit);

    /// <summary>The way it came to the branch is not the one that a policy asks for, or cannot be told.</summary>
    /// <param name="Answers">Of the environments that it may not change.</param>
    public sealed record Unprotected(SourceCommit Commit, ImmutableArray<EnvironmentAnswer> Answers)
        : SourceFinding(Commit)
    {
        /// <summary>Nothing was taken before: a person may begin with it.</summary>
        public bool IsFirst { get; init; }
    }
}

/// <param name="Asked">The digest that an environment asked for.</param>
/// <param name="Said">The digest that the file has now.</param>
public sealed record ReplacedRelease(ReleaseName Name, ReleaseDigest Asked, ReleaseDigest Said);

/// <summary>A gate's answer for one environment.</summary>
public sealed record EnvironmentAnswer(EnvironmentName Environment, GateAnswer Answer);
