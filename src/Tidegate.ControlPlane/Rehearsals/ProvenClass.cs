using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Catalog.Differences;
using Tidegate.ControlPlane.Rehearsals.Observed;

namespace Tidegate.ControlPlane.Rehearsals;

/// <summary>What a release does to one database, proven by doing it.</summary>
/// <param name="Reasons">What was seen that makes it this class, at most a few.</param>
public sealed record ProvenClass(ReleaseClass Class, ImmutableArray<string> Reasons)
{
    private const int MostReasons = 8;

    /// <summary>From so many changed rows on a table of the business counts as migrated; a few are what an update's data files write.</summary>
    private const long DataRows = 100;

    private static readonly ImmutableArray<string> OwnPrefixes =
    [
        "ir_",
        "orm_signaling_", // by which Odoo 19's processes tell each other that a registry or a cache is old
        "base_",
        "bus_",
        "mail_template",
        "digest_",
        "web_tour",
    ];

    /// <summary>The strongest class that anything seen speaks for.</summary>
    /// <param name="hasScripts">Whether migration scripts ran.</param>
    public static ProvenClass Of(
        string fromSeries,
        string toSeries,
        ObservedMigration seen,
        bool viewsChanged,
        bool hasScripts
    )
    {
        (ReleaseClass Class, IEnumerable<string> Reasons)[] all =
        [
            (ReleaseClass.E, fromSeries == toSeries ? [] : [$"Odoo went from {fromSeries} to {toSeries}"]),
            (ReleaseClass.D, Rewriting(seen).Concat(Data(seen, hasScripts))),
            (ReleaseClass.C, Additive(seen)),
            (ReleaseClass.B, Contents(seen, viewsChanged)),
        ];
        foreach (var (kind, reasons) in all)
        {
            if (reasons.Take(MostReasons).ToImmutableArray() is { IsEmpty: false } said)
            {
                return new(kind, said);
            }
        }

        return new(ReleaseClass.A, ["the database is as it was"]);
    }

    private static IEnumerable<string> Rewriting(ObservedMigration seen)
    {
        var subject = new Lint.LintSubject(seen, new());
        foreach (var table in seen.Rewrites.Select(rewrite => rewrite.Table).Distinct(StringComparer.Ordinal))
        {
            if (!subject.NewTables.Contains(table))
            {
                yield return $"table {table} was written anew";
            }
        }

        foreach (var column in seen.DroppedColumns)
        {
            yield return $"column {column.Table}.{column.Column} was dropped";
        }

        foreach (
            var table in seen.Before.Relations.Where(item => item.Kind is "r" && seen.After.Find(item.Name) is null)
        )
        {
            yield return $"table {table.Name} is gone";
        }

        foreach (var (before, after) in subject.SameColumns())
        {
            if (before.Name != after.Name)
            {
                yield return $"column {before.Key} is called {after.Name} now";
            }
            else if (before.Type != after.Type || before.Modifier != after.Modifier)
            {
                yield return $"column {after.Key} has another type";
            }
            else if (!before.IsRequired && after.IsRequired)
            {
                yield return $"column {after.Key} must not be empty any more";
            }
        }
    }

    private static IEnumerable<string> Data(ObservedMigration seen, bool hasScripts) =>
        seen
            .Tables.Where(rows => rows.Before is not null && !IsOdoosOwn(rows.Table))
            .Where(rows =>
                rows.Updated + rows.Deleted >= DataRows
                || (hasScripts && rows.Updated + rows.Deleted + rows.Inserted > 0)
            )
            .Select(rows =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{rows.Updated + rows.Deleted + rows.Inserted:N0} rows of {rows.Table} were changed"
                )
            );

    private static IEnumerable<string> Additive(ObservedMigration seen)
    {
        var subject = new Lint.LintSubject(seen, new());
        return subject
            .NewTables.Order(StringComparer.Ordinal)
            .Select(table => $"table {table} is new")
            .Concat(subject.NewColumns().Select(column => $"column {column.Key} is new"))
            .Concat(subject.NewIndexes().Select(index => $"index {index.Name} is new"))
            .Concat(subject.NewConstraints().Select(constraint => $"constraint {constraint.Key} is new"))
            .Concat(Gone(seen))
            .Concat(
                seen.Commands.Where(command => !command.HasFailed && command.Tag is not "COMMENT")
                    .Select(command => $"it ran {Lint.LockRules.Short(command)}")
            );
    }

    private static IEnumerable<string> Gone(ObservedMigration seen)
    {
        var indexes = seen.After.Indexes.Select(index => index.Name).ToHashSet(StringComparer.Ordinal);
        return seen
            .Before.Indexes.Where(index => !indexes.Contains(index.Name))
            .Select(index => $"index {index.Name} is gone");
    }

    private static IEnumerable<string> Contents(ObservedMigration seen, bool viewsChanged) =>
        Enumerable
            .Repeat("views changed", viewsChanged ? 1 : 0)
            .Concat(
                seen.Tables.Where(rows => rows.Inserted + rows.Updated + rows.Deleted > 0)
                    .OrderByDescending(rows => rows.Inserted + rows.Updated + rows.Deleted)
                    .Select(rows =>
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{rows.Inserted + rows.Updated + rows.Deleted:N0} rows of {rows.Table} were written"
                        )
                    )
            );

    /// <summary>What an update always writes: views, access rules, translations, parameters.</summary>
    private static bool IsOdoosOwn(string table) =>
        OwnPrefixes.Any(prefix => table.StartsWith(prefix, StringComparison.Ordinal));
}
