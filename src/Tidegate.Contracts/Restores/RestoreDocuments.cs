using System.Text.Json.Serialization;

namespace Tidegate.Contracts.Restores;

/// <summary>Asks what a way back of a tenant's data costs, or orders it.</summary>
/// <param name="To"><c>checkpoint</c>, <c>checkpoint:ID</c>, <c>backup:ID</c>, a log position, or a time with its distance from UTC.</param>
/// <param name="Into">Makes a closed database of this name instead, and leaves the tenant as it is.</param>
/// <param name="AcceptLoss">The most rows of business documents that may be lost; null for none, or any number with <paramref name="AcceptWhatLeft"/>.</param>
/// <param name="AcceptWhatLeft">Also that payments were captured and e-invoices cleared since.</param>
/// <param name="Reason">Why; kept in the ledger.</param>
/// <param name="AsIs">With <paramref name="Into"/>: not neutralised; what would send mails and fetch payments is left as it was.</param>
public sealed record RestoreTenant(
    string To,
    string? Into = null,
    long? AcceptLoss = null,
    bool AcceptWhatLeft = false,
    string? Reason = null,
    bool AsIs = false
);

/// <summary>What a way back costs now.</summary>
/// <param name="Target">The point, exactly.</param>
/// <param name="Description">The point, for people.</param>
/// <param name="IsWindowOpen">Nothing is lost and nothing has left the building: it may be done without asking anybody.</param>
/// <param name="Closed">Why the safe-write window is closed.</param>
public sealed record RestorePriceView(
    string Tenant,
    string Target,
    string Description,
    bool IsWindowOpen,
    IReadOnlyList<string> Closed,
    WayBackPriceView Price
);

/// <param name="Rows">Rows of business documents that would be lost; null when it is not known of one of them.</param>
/// <param name="Sentence">In business words.</param>
/// <param name="IsExact">Counted while nobody could write.</param>
public sealed record WayBackPriceView(
    DateTimeOffset Point,
    DateTimeOffset ReadAt,
    bool IsExact,
    long? Rows,
    string Sentence,
    IReadOnlyList<WrittenView> Written,
    IReadOnlyList<LeftView> Left
);

/// <param name="Deleted">Null where that was not counted: it is under the fence.</param>
/// <param name="CountedBy"><c>transaction</c>, <c>dates</c> or <c>comparison</c>.</param>
/// <param name="Unknown">Why it could not be counted; null when it was.</param>
public sealed record WrittenView(
    string Key,
    string Noun,
    bool IsLine,
    long Created,
    long Changed,
    long? Deleted,
    IReadOnlyList<MoneyView> Amounts,
    DateTimeOffset? Last,
    string CountedBy,
    string? Unknown
);

public sealed record MoneyView(decimal Amount, string Currency);

/// <param name="IsIrrevocable">With one of them no way back is ever automatic.</param>
public sealed record LeftView(
    string What,
    long Count,
    DateTimeOffset? Last,
    IReadOnlyList<string> Examples,
    bool IsIrrevocable,
    string? Unknown
);

/// <summary>What came of a restore's first half; in the job's result.</summary>
/// <param name="Database">The database that holds the state.</param>
/// <param name="Rollout">The rollout that puts it in the tenant's place; null when it is only to be looked at.</param>
public sealed record RestoredStateView(
    string Database,
    string Release,
    DateTimeOffset Point,
    string? Rollout,
    string What
)
{
    /// <summary>How long bringing it took; null when nothing had to be brought.</summary>
    public StateTimesView? Times { get; init; }

    /// <summary>What a refresh showed of the backup that it restored; null when it showed nothing of one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RestoreCheckView? Check { get; init; }
}

/// <summary>A backup was restored, and all that came back was looked at and is right.</summary>
/// <param name="At">When it had been looked at.</param>
/// <param name="Seconds">From the beginning until then.</param>
/// <param name="Tables">Compared row by row.</param>
/// <param name="Files">Verified by their sha1.</param>
public sealed record RestoreCheckView(DateTimeOffset At, double Seconds, int Tables, long Files);

/// <summary>How long the parts of bringing a state took, in seconds.</summary>
/// <param name="Fetch">Copying out of the backups.</param>
/// <param name="Replay">Replaying the log.</param>
/// <param name="Extract">Carrying it beside the live database, and comparing it there.</param>
public sealed record StateTimesView(double Fetch, double Replay, double Extract);

/// <summary>A tenant's three kinds of way back, with what each costs now.</summary>
public sealed record WayBackView(string Tenant, string Release, IReadOnlyList<WayView> Ways);

/// <param name="Kind"><c>application</c> (the image alone), <c>data</c> (the tenant alone), <c>environment</c> (the whole site).</param>
/// <param name="IsPossible">It could be begun now.</param>
/// <param name="Proven">What proves it; null when nothing does.</param>
/// <param name="Costs">In business words.</param>
/// <param name="Command">What begins it; null when nothing does.</param>
public sealed record WayView(
    string Kind,
    string What,
    bool IsPossible,
    string? Proven,
    string Costs,
    bool? IsWindowOpen,
    long? Rows,
    string? Command
);
