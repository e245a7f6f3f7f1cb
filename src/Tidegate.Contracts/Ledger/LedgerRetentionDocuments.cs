namespace Tidegate.Contracts.Ledger;

/// <summary>How long entries are kept, what has gone, and what a run would do now.</summary>
/// <param name="KeepDays">Null for ever.</param>
/// <param name="KeptFrom">The place of the first entry whose content is kept.</param>
/// <param name="Runs">What runs announced, the newest first.</param>
public sealed record LedgerRetentionView(
    int? KeepDays,
    long KeptFrom,
    LedgerRetentionPlanView Next,
    IReadOnlyList<LedgerRetentionWitness> Witnesses,
    IReadOnlyList<LedgerDropView> Runs
);

/// <summary>What a run would do now.</summary>
/// <param name="Entries">How many would lose their contents.</param>
/// <param name="Last">The place of the last of these; null where there is none.</param>
/// <param name="Root">Of the Merkle tree that ends there.</param>
/// <param name="Why">Why no more.</param>
public sealed record LedgerRetentionPlanView(long Entries, long? Last, string? Root, string Why);

/// <summary>Where checkpoints are kept outside the database, of every home.</summary>
/// <param name="Kept">Entries in the newest that it has; null where it has confirmed none.</param>
public sealed record LedgerRetentionWitness(string Home, string Place, long? Kept);

/// <summary>What one run let go.</summary>
/// <param name="First">The place of the first entry.</param>
/// <param name="Last">And of the last.</param>
/// <param name="Export">Where they were written out before.</param>
/// <param name="Sha256">Of that file.</param>
public sealed record LedgerDropView(
    long First,
    long Last,
    string Root,
    string Export,
    string Sha256,
    string Actor,
    DateTimeOffset At
);

/// <summary>Says how long entries are kept.</summary>
/// <param name="KeepDays">At least 30; null for ever.</param>
public sealed record SetLedgerRetention(int? KeepDays = null, string? Reason = null);

/// <summary>How long entries are kept from now on.</summary>
public sealed record LedgerRetentionSet(int? KeepDays);
