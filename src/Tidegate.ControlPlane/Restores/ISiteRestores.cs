using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Restores;

/// <summary>What a site can say and do about its tenants' ways back.</summary>
public interface ISiteRestores
{
    /// <summary>Which databases had the tenant's name, and which checkpoints of it are kept. Reads only.</summary>
    Task<TenantStates> StatesAsync(TenantName tenant, string database, CancellationToken cancellationToken);

    /// <summary>What a way back would cost now, of a tenant that is open. Reads only.</summary>
    Task<WayBackPrice> PriceAsync(string database, WrittenSince since, CancellationToken cancellationToken);

    /// <summary>Whether a state can be brought, and what it is of. Nothing is restored, and no tenant's data is changed.</summary>
    Task<JudgedPoint> JudgeAsync(JudgePoint question, CancellationToken cancellationToken);

    /// <summary>Brings the wanted state beside the live database, whole and verified, as a closed database of the site.</summary>
    /// <exception cref="JobFailedException">It cannot be brought; the message says why and what to do.</exception>
    Task<PreparedState> PrepareAsync(
        StateOrder order,
        Func<JobProgress, CancellationToken, Task> report,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Gives a state that was brought the name it was ordered under, in <see cref="StateOrder.Into"/>: for looking at, with
    /// nobody let in. It is neutralised before, and proven to be, unless it was ordered as it is.
    /// </summary>
    /// <param name="release">The release that the state belongs to.</param>
    /// <returns>One sentence for people.</returns>
    /// <exception cref="JobFailedException">The name is taken, or the state cannot be made harmless; it is as it was.</exception>
    Task<string> KeepAsync(
        StateOrder order,
        PreparedState state,
        ReleaseDigest release,
        CancellationToken cancellationToken
    );

    /// <summary>Removes what a job needed for bringing a state; a whole state stays. Nothing there is no error.</summary>
    Task CleanUpAsync(StateOrder order, CancellationToken cancellationToken);

    /// <summary>Removes what a job has brought, whole or not; a checkpoint stays. Nothing there is no error.</summary>
    Task DropAsync(StateOrder order, CancellationToken cancellationToken);
}

/// <summary>What a site knows of one tenant's states.</summary>
/// <param name="Checkpoints">The newest first.</param>
/// <param name="Oldest">The oldest instant that a backup of the cluster reaches; null when there is none.</param>
public sealed record TenantStates(
    TenantHistory History,
    ImmutableArray<KeptState> Checkpoints,
    DateTimeOffset? Oldest = null
);

/// <summary>A checkpoint that the tenant can return to.</summary>
public sealed record KeptState(
    UpgradeId Upgrade,
    string Database,
    long Oid,
    long Bytes,
    DateTimeOffset SwappedAt,
    string? Transaction,
    MailMark? Mails
)
{
    public WrittenSince Since => new(SwappedAt, Transaction) { Mails = Mails };
}

/// <summary>A state to be brought.</summary>
/// <param name="Into">The name of the database that it becomes, for looking at; null when it is to take the tenant's place.</param>
/// <param name="Epoch">Of the job's claim.</param>
/// <param name="AsIs">With <paramref name="Into"/>: it is not neutralised.</param>
public sealed record StateOrder(
    JobId Job,
    long Epoch,
    TenantName Tenant,
    PoolName Pool,
    string Database,
    RestoreTarget Target,
    string? Into,
    bool AsIs = false
)
{
    /// <summary>The tenant whose database it is to become, where that is not the one that it is of.</summary>
    public StatePlace? Becomes { get; init; }

    /// <summary>Whose database it is to become.</summary>
    public StatePlace Place => Becomes ?? new(Tenant, Pool, Database);
}

/// <summary>A tenant with where its data are on the site.</summary>
public sealed record StatePlace(TenantName Tenant, PoolName Pool, string Database);

/// <summary>A state beside the live database.</summary>
/// <param name="Arrived">The change of release that it had seen last; null when it saw none.</param>
/// <param name="Left">The change that came next; null when none did.</param>
/// <param name="Files">How many files of it were verified by their content.</param>
/// <param name="Regenerated">Generated files that are gone and that Odoo makes anew: their records were removed.</param>
public sealed record PreparedState(
    RestoreSource Source,
    WrittenSince Since,
    ChangeOfRelease? Arrived,
    ChangeOfRelease? Left,
    long Files,
    long Regenerated,
    string What
)
{
    /// <summary>Absolute path of its own files; null when it has none.</summary>
    public string? Folder { get; init; }

    /// <summary>What its database takes on disk; 0 for one that was there.</summary>
    public long Bytes { get; init; }

    /// <summary>How long bringing it took; null when nothing had to be brought.</summary>
    public StateTimes? Times { get; init; }

    /// <summary>How many tables were compared, row by row, with what the backup holds; 0 when none was.</summary>
    public int Compared { get; init; }
}

/// <summary>How long the parts of bringing a state took, in seconds.</summary>
/// <param name="Fetch">Copying out of the backups.</param>
/// <param name="Replay">Replaying the log.</param>
/// <param name="Extract">Carrying it beside the live database, and comparing it there.</param>
public sealed record StateTimes(double Fetch, double Replay, double Extract);
