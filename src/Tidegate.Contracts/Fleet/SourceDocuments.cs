using Tidegate.Contracts.Blockers;

namespace Tidegate.Contracts.Fleet;

/// <summary>Follows a branch of a repository that says what should run. Saying the same again changes secrets and interval.</summary>
/// <param name="Repository">An absolute path, or an address that git understands; never with a password in it.</param>
/// <param name="Folder">The fleet's folder in it; empty is its root.</param>
/// <param name="Secret">The name of a file in the home's folder <c>secrets</c> that opens the repository.</param>
/// <param name="WebhookSecret">The name of the one with which a forge proves itself; without it no webhook is taken.</param>
/// <param name="IntervalSeconds">How often it is asked, about; null is 30.</param>
public sealed record FollowSource(
    string Repository,
    string Branch = "main",
    string Folder = "",
    string? Secret = null,
    string? WebhookSecret = null,
    double? IntervalSeconds = null
);

/// <summary>The followed repository and where following it stands.</summary>
/// <param name="State"><c>new</c> before the first answer, <c>in_step</c>, <c>settling</c> while pools or tenants are not yet as git says, <c>blocked</c>, <c>unreachable</c>.</param>
/// <param name="Good">The commit whose state is in force; null before the first.</param>
/// <param name="Head">Where the branch stands.</param>
/// <param name="AskedAt">When the last round ended.</param>
/// <param name="Unsettled">How many pools and tenants are not as git says, or not served yet.</param>
/// <param name="Blockers">What is in the way.</param>
public sealed record SourceView(
    string Repository,
    string Branch,
    string Folder,
    string? Secret,
    string? WebhookSecret,
    double IntervalSeconds,
    DateTimeOffset FollowedAt,
    string FollowedBy,
    string State,
    CommitView? Good,
    string? Head,
    DateTimeOffset? AskedAt,
    int Unsettled,
    IReadOnlyList<BlockerView> Blockers
);

/// <summary>A commit whose state was taken.</summary>
public sealed record CommitView(
    string Id,
    string Author,
    string Subject,
    DateTimeOffset CommittedAt,
    DateTimeOffset AcceptedAt
);

/// <summary>Takes a commit although it does not come after the last good one.</summary>
/// <param name="Commit">The full id of the commit at which the branch stands.</param>
/// <param name="Reason">Why; kept in the ledger.</param>
public sealed record AcceptCommit(string Commit, string Reason);

/// <summary>Nothing is followed any more.</summary>
public sealed record UnfollowedSource(string Repository);

/// <summary>What a webhook came to: <c>sync</c> when the repository is asked at once, <c>ignored</c> when it says nothing that matters here.</summary>
public sealed record WebhookAnswer(string Outcome);
