using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog;

namespace Tidegate.ControlPlane.Following;

/// <summary>How the branch came from the state in force before to the one that was taken.</summary>
/// <param name="Commits">Over every parent, the newest first; of more than <see cref="MostCommits"/> one of everybody who wrote.</param>
/// <param name="Unread">Why it cannot be told from these alone who wrote what, as a clause; null where it can.</param>
public sealed record TakenRange(ImmutableArray<WrittenCommit> Commits, string? Unread)
{
    /// <summary>How many commits of a range are kept one by one.</summary>
    public const int MostCommits = 200;

    public static TakenRange Of(FollowingFacts facts)
    {
        var (commits, count) = (facts.Evidence.Commits.Select(Written), facts.Evidence.Count);
        return new(
            [
                .. count <= MostCommits
                    ? commits
                    : commits.DistinctBy(commit => (commit.Author, commit.Committer, commit.Key)),
            ],
            facts switch
            {
                { Good: null } => $"{facts.Commit.Id.Short} is the first that was followed",
                { Relation: not HistoryRelation.Forward } =>
                    $"the branch was written anew before {facts.Commit.Id.Short}",
                _ => count > MostCommits
                    ? FormattableString.Invariant($"{count} commits came at once with {facts.Commit.Id.Short}")
                    : null,
            }
        );
    }

    private static WrittenCommit Written(SourceCommit commit) =>
        new(
            commit.Id.Value,
            [.. commit.Parents.Select(parent => parent.Value)],
            commit.Author,
            commit.Committer,
            (commit.Signature as CommitSignature.Good)?.Fingerprint
        );
}
