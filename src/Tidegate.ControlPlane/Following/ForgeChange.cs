using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Following;

/// <summary>A pull request or merge request, as its forge told of it. Unlike a name in a commit, the forge has checked who it was.</summary>
/// <param name="Forge"><c>github</c>, <c>gitlab</c>, <c>gitea</c>, <c>forgejo</c>.</param>
/// <param name="Repository">As the forge calls it: <c>shops/fleet</c>.</param>
/// <param name="Author">Who opened it, as the forge calls people; null is unknown.</param>
/// <param name="MergedBy">Who merged it; null is unknown, or nobody yet.</param>
/// <param name="MergeCommit">What it became on the branch.</param>
public sealed record ForgeChange(
    string Forge,
    string Repository,
    long Number,
    string? Author,
    string? MergedBy,
    CommitId? MergeCommit
)
{
    /// <summary>The last review of each reviewer.</summary>
    public ImmutableArray<ForgeReview> Reviews { get; init; } = [];

    /// <summary><c>github shops/fleet #12</c>.</summary>
    public string Name => FormattableString.Invariant($"{Forge} {Repository} #{Number}");
}

/// <summary>What a reviewer said last.</summary>
public sealed record ForgeReview(string Reviewer, ReviewState State);

/// <summary>A review's verdict. Stored by name.</summary>
public enum ReviewState
{
    Approved,

    /// <summary>The reviewer asks for changes.</summary>
    Refused,

    /// <summary>The review was dismissed, or the approval taken back.</summary>
    Withdrawn,
}
