using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Rehearsals.Observed;

namespace Tidegate.ControlPlane.Rehearsals.Lint;

/// <summary>A rule over what was observed.</summary>
/// <param name="Number">Stable.</param>
/// <param name="Why">Why it matters.</param>
/// <param name="Mend">How to mend it.</param>
/// <param name="Find">Everything it finds.</param>
public sealed record LintRule(
    int Number,
    string Code,
    string Why,
    string Mend,
    Func<LintSubject, IEnumerable<LintHit>> Find
);

/// <summary>One hit of a rule.</summary>
public readonly record struct LintHit(LintSeverity Severity, string Where, string What);

/// <summary>What is judged, with what the rules share.</summary>
public sealed class LintSubject(ObservedMigration observed, LintLimits limits)
{
    public ObservedMigration Observed => observed;

    public LintLimits Limits => limits;

    /// <summary>Tables that the migration itself made: nobody waits for a lock on them.</summary>
    public ImmutableHashSet<string> NewTables { get; } =
        observed
            .After.Relations.Where(after => after.Kind is "r" && observed.Before.Find(after.Name) is null)
            .Select(after => after.Name)
            .ToImmutableHashSet(StringComparer.Ordinal);

    /// <summary>Statements that ended well.</summary>
    public IEnumerable<DdlCommand> Done => observed.Commands.Where(command => !command.HasFailed);

    /// <summary>Columns of both sides by table and number.</summary>
    public IEnumerable<(ColumnState Before, ColumnState After)> SameColumns() =>
        observed.Before.Columns.Join(
            observed.After.Columns.Where(column => !IsRemade(column.Table)),
            column => (column.Table, column.Number),
            column => (column.Table, column.Number),
            (before, after) => (before, after)
        );

    /// <summary>Columns that only the new side has, of tables that were there.</summary>
    public IEnumerable<ColumnState> NewColumns()
    {
        var old = observed.Before.Columns.Select(column => (column.Table, column.Number)).ToHashSet();
        return observed.After.Columns.Where(column =>
            !NewTables.Contains(column.Table) && !IsRemade(column.Table) && !old.Contains((column.Table, column.Number))
        );
    }

    /// <summary>Constraints that only the new side has, of tables that were there.</summary>
    public IEnumerable<ConstraintState> NewConstraints()
    {
        var old = observed.Before.Constraints.Select(item => item.Key).ToHashSet(StringComparer.Ordinal);
        return observed.After.Constraints.Where(item => !NewTables.Contains(item.Table) && !old.Contains(item.Key));
    }

    /// <summary>Indexes that only the new side has, of tables that were there.</summary>
    public IEnumerable<IndexState> NewIndexes()
    {
        var old = observed.Before.Indexes.Select(item => item.Name).ToHashSet(StringComparer.Ordinal);
        return observed.After.Indexes.Where(item => !NewTables.Contains(item.Table) && !old.Contains(item.Name));
    }

    /// <summary>Rows of a table before, for people: <c>(1,200,000 rows)</c>.</summary>
    public string Rows(string table) =>
        observed.RowsOf(table)?.Before is { } rows
            ? string.Create(CultureInfo.InvariantCulture, $" ({rows:N0} rows)")
            : "";

    public long RowsBefore(string table) => observed.RowsOf(table)?.Before ?? 0;

    /// <summary>High where a table is large enough to be felt, else a warning.</summary>
    public LintSeverity BySize(string table) =>
        RowsBefore(table) >= limits.LargeTableRows ? LintSeverity.High : LintSeverity.Warning;

    /// <summary>Whether a relation was there before and is not any more.</summary>
    /// <param name="identity">As PostgreSQL writes it, with its schema.</param>
    public bool HasLost(string identity)
    {
        var name = identity.StartsWith("public.", StringComparison.Ordinal) ? identity["public.".Length..] : identity;
        return observed.Before.Find(name.Trim('"')) is not null && observed.After.Find(name.Trim('"')) is null;
    }

    /// <summary>Dropped and made again under its name.</summary>
    private bool IsRemade(string table) =>
        observed.Before.Find(table) is { } before && observed.After.Find(table) is { } after && before.Oid != after.Oid;

    internal static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
