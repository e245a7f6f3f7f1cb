using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>A way to make the state that a tenant can return to.</summary>
public enum CheckpointStrategy
{
    /// <summary>PostgreSQL copies the database's files. The original stays as the checkpoint.</summary>
    FileCopy,

    /// <summary>The same through the write-ahead log: slower, and safe beside a running backup.</summary>
    WalLog,

    /// <summary>The same, and the files share their blocks: seconds, whatever the size.</summary>
    Clone,

    /// <summary>A dump before a migration of the live database.</summary>
    Dump,

    /// <summary>A restore point before a migration of the live database; back by recovery to it.</summary>
    RestorePoint,
}

public static class CheckpointStrategies
{
    /// <summary>As people and programs read it.</summary>
    public static string Name(this CheckpointStrategy strategy) =>
        strategy switch
        {
            CheckpointStrategy.FileCopy => "file-copy",
            CheckpointStrategy.WalLog => "wal-log",
            CheckpointStrategy.Clone => "clone",
            CheckpointStrategy.Dump => "dump",
            CheckpointStrategy.RestorePoint => "restore-point",
        };
}

/// <summary>What it is chosen by.</summary>
/// <param name="MaxBytes">The largest database that is copied while a shop waits.</param>
public sealed record StrategyQuestion(
    long Bytes,
    TimeSpan HoldBound,
    long MaxBytes,
    Measurements.SiteMeasurements Site
);

/// <summary>A strategy that was not chosen, and why.</summary>
public sealed record RejectedStrategy(CheckpointStrategy Strategy, string Reason);

/// <summary>What came of choosing.</summary>
public abstract record StrategyChoice
{
    private StrategyChoice() { }

    /// <param name="Hold">A forecast.</param>
    public sealed record Chosen(
        CheckpointStrategy Strategy,
        string Reason,
        TimeSpan Hold,
        ImmutableArray<RejectedStrategy> Others
    ) : StrategyChoice
    {
        /// <summary>Of a plan that was made by hand.</summary>
        public static readonly Chosen Unsaid = new(CheckpointStrategy.FileCopy, "", TimeSpan.Zero, []);

        /// <summary>What a plan's hash names. Whether a backup runs is asked again by the step that copies: both ways to copy are one decision.</summary>
        public string Decided => Strategy is CheckpointStrategy.Clone ? "clone" : "copy";
    }

    /// <param name="Reason">Follows the database's name in a sentence, and says what to do.</param>
    public sealed record Refused(string Reason) : StrategyChoice;
}
