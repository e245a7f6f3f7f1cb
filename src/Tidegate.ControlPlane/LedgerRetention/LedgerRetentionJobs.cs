using Tidegate.ControlPlane.Jobs;

namespace Tidegate.ControlPlane.LedgerRetention;

public static class LedgerRetentionJobs
{
    public static readonly JobKind<RunLedgerRetention, LedgerRetentionDone> Run = new("ledger-retention");

    /// <summary>What a job of this kind is about, and what it waits for.</summary>
    public const string Subject = "ledger";
}

/// <param name="Actor">Who ordered it.</param>
public sealed record RunLedgerRetention(string Actor);

/// <param name="KeptFrom">The place of the first entry that is kept.</param>
/// <param name="Entries">How many lost their contents in this run.</param>
/// <param name="Export">Where they were written out; null when none had to go.</param>
/// <param name="Why">Why no more went.</param>
public sealed record LedgerRetentionDone(long KeptFrom, long Entries, string? Export, string? Sha256, string Why);
