using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Following;

/// <summary>The followed repository, and where following it stands.</summary>
/// <param name="WebhookSecret">The name of the secret with which forges prove themselves, or null: then no webhook is taken.</param>
/// <param name="Interval">How often the repository is asked, about.</param>
/// <param name="FollowedBy">Who said so.</param>
public sealed record FollowedSource(
    SourceAddress Address,
    string? WebhookSecret,
    TimeSpan Interval,
    DateTimeOffset FollowedAt,
    string FollowedBy
)
{
    /// <summary>The commit whose state is in force; null before the first.</summary>
    public GoodCommit? Good { get; init; }

    /// <summary>Where the branch stood when the repository answered last.</summary>
    public CommitId? Head { get; init; }

    /// <summary>When the last round ended; null before the first.</summary>
    public DateTimeOffset? AskedAt { get; init; }

    /// <summary>How often in a row the repository did not answer.</summary>
    public int Failures { get; init; }

    /// <summary>Since when it does not answer, or null.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>The commit that a person takes although history was written anew.</summary>
    public CommitId? Waived { get; init; }
}

/// <summary>The source, with a server's right to follow it for one round.</summary>
/// <param name="Epoch">Of the lease: who has lost it writes nothing.</param>
/// <param name="PreviousEpoch">Of the round before: what a server remembers of its own last round holds only when that was the last.</param>
/// <param name="Wanted">How many rounds were asked for until now.</param>
/// <param name="IsWanted">Somebody waits for this round.</param>
public sealed record ClaimedSource(
    FollowedSource Source,
    string Owner,
    long Epoch,
    long PreviousEpoch,
    long Wanted,
    bool IsWanted
);

/// <summary>An order to follow a repository.</summary>
public sealed record FollowOrder(
    SourceAddress Address,
    string? WebhookSecret,
    TimeSpan Interval,
    string Actor,
    DateTimeOffset Now
);

/// <summary>A pool or tenant of the state in force that the fleet does not have like that yet, or that is not served yet.</summary>
public readonly record struct UnsettledObject(UnsettledKind Kind, string Name)
{
    public static UnsettledObject Of(PoolName pool) => new(UnsettledKind.Pool, pool.Value);

    public static UnsettledObject Of(TenantName tenant) => new(UnsettledKind.Tenant, tenant.Value);
}

/// <summary>Kinds of unsettled objects. Stored by name.</summary>
public enum UnsettledKind
{
    Pool,
    Tenant,
}
