using Tidegate.ControlPlane.DesiredState;

namespace Tidegate.ControlPlane.Following;

/// <summary>The commit whose state was taken last.</summary>
/// <param name="Author">Who wrote it, as git says: <c>Ann Lee &lt;ann@example.com&gt;</c>.</param>
/// <param name="Subject">The first line of its message.</param>
/// <param name="AcceptedAt">When its state was taken.</param>
public sealed record GoodCommit(
    CommitId Id,
    string Author,
    string Subject,
    DateTimeOffset CommittedAt,
    DateTimeOffset AcceptedAt
);

/// <summary>The state that was taken last, with its commit.</summary>
/// <param name="Fleet">Null where the commit's files are not here any more: then everything counts as changed.</param>
public sealed record GoodState(CommitId Commit, DesiredFleet? Fleet);
