using System.Collections.Immutable;

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
        var (commits, count) = (facts.Evidence.Commits.Select(WrittenCommit.Of), facts.Evidence.Count);
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
}

/// <summary>A commit, as far as it tells who wrote it. Names are what their owners chose to write.</summary>
/// <param name="Parents">The first is the commit that it was made on; of a merge, the others lead to what it brought in.</param>
/// <param name="Author"><c>Ann Lee &lt;ann@example.com&gt;</c>.</param>
/// <param name="Committer">Who made the commit object.</param>
/// <param name="Key">Fingerprint of the key with which it is signed; null without a signature that fits.</param>
public sealed record WrittenCommit(
    string Id,
    ImmutableArray<string> Parents,
    string Author,
    string Committer,
    string? Key
)
{
    public static WrittenCommit Of(SourceCommit commit) =>
        new(
            commit.Id.Value,
            [.. commit.Parents.Select(parent => parent.Value)],
            commit.Author,
            commit.Committer,
            (commit.Signature as CommitSignature.Good)?.Fingerprint
        );
}
