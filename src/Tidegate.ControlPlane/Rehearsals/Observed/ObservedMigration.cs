using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Rehearsals.Observed;

/// <summary>What one migration did to one database, as PostgreSQL itself saw it. What could not be seen is null, and never taken for good.</summary>
/// <param name="Commands">Every statement that defines or changes a structure, in order, also those that failed.</param>
/// <param name="Locks">The strong locks that a sampler saw, by relation and mode.</param>
/// <param name="Transactions">How long transactions were open.</param>
/// <param name="Errors">What the server's log says went wrong.</param>
/// <param name="SchemaWarnings">Lines of Odoo's <c>odoo.schema</c> logger that warn.</param>
/// <param name="Before">The structure before the migration.</param>
/// <param name="After">The structure after it.</param>
/// <param name="Tables">What became of the rows, by table.</param>
/// <param name="DroppedColumns">What was in columns that are gone, counted where the original was still there.</param>
/// <param name="Usage">Disk, WAL and time.</param>
public sealed record ObservedMigration(
    ImmutableArray<DdlCommand> Commands,
    ImmutableArray<TableRewrite> Rewrites,
    ImmutableArray<DroppedObject> Dropped,
    ImmutableArray<LockHeld> Locks,
    TransactionTimes Transactions,
    ImmutableArray<ServerError> Errors,
    ImmutableArray<SchemaWarning> SchemaWarnings,
    Structure Before,
    Structure After,
    ImmutableArray<TableRows> Tables,
    ImmutableArray<DroppedColumn> DroppedColumns,
    MigrationUsage Usage
)
{
    /// <summary>Nothing happened.</summary>
    public static ObservedMigration Nothing { get; } =
        new(
            [],
            [],
            [],
            [],
            TransactionTimes.None,
            [],
            [],
            Structure.Empty,
            Structure.Empty,
            [],
            [],
            MigrationUsage.None
        );

    /// <summary>What became of a table's rows; null when nothing is known of it.</summary>
    public TableRows? RowsOf(string table) =>
        Tables.FirstOrDefault(rows => string.Equals(rows.Table, table, StringComparison.Ordinal));
}

/// <summary>Disk, WAL and time that a migration took.</summary>
/// <param name="WalBytes">WAL written from its begin to its end.</param>
/// <param name="DiskPeakBytes">The most that the database and its WAL took together, above what they took before.</param>
/// <param name="DatabaseBytesBefore">The database's size before.</param>
/// <param name="DatabaseBytesAfter">Its size after.</param>
/// <param name="SampleMs">The longest time between two samples of locks: what was shorter may have been missed.</param>
/// <param name="Seconds">From begin to end.</param>
public sealed record MigrationUsage(
    long WalBytes,
    long DiskPeakBytes,
    long DatabaseBytesBefore,
    long DatabaseBytesAfter,
    double SampleMs,
    double Seconds
)
{
    public static MigrationUsage None { get; } = new(0, 0, 0, 0, 0, 0);
}

/// <summary>How long transactions of the migration were open.</summary>
/// <param name="LongestSeconds">The longest one that was seen.</param>
/// <param name="Written">Transactions that wrote: Odoo commits after each module.</param>
public sealed record TransactionTimes(double LongestSeconds, long Written)
{
    public static TransactionTimes None { get; } = new(0, 0);
}

/// <summary>What became of a table's rows.</summary>
/// <param name="Before">Counted before; null when the table was not there.</param>
/// <param name="After">Counted after; null when it is gone.</param>
/// <param name="Inserted">As PostgreSQL's statistics have it.</param>
/// <param name="HasStatistics">Whether the planner knows the table as it is now; null when it is gone.</param>
public sealed record TableRows(
    string Table,
    long? Before,
    long? After,
    long Inserted,
    long Updated,
    long Deleted,
    bool? HasStatistics = null
);

/// <summary>A column that the migration removed.</summary>
/// <param name="NonNull">How many rows had a value in it; null where nobody could count any more.</param>
public sealed record DroppedColumn(string Table, string Column, long? NonNull);
