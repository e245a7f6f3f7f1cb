using Tidegate.ControlPlane.Rehearsals.Observed;
using static Tidegate.ControlPlane.Rehearsals.Lint.LintSubject;

namespace Tidegate.ControlPlane.Rehearsals.Lint;

/// <summary>Names and types of columns, tables, enumerations and ids.</summary>
internal static class ColumnRules
{
    private const double FullEnough = 0.5;
    private const double NearlyFull = 0.75;

    public static IEnumerable<LintRule> All =>
        [
            new(
                22,
                "renamed",
                "the old code asks for the old name and fails: there is no way back by the image alone",
                "add the new one beside it, keep both filled for one release",
                Renamed
            ),
            new(
                23,
                "type-narrowed",
                "values that do not fit are cut, or the migration fails on one shop's data",
                "look for values that do not fit first; keep the old column for one release",
                Narrowed
            ),
            new(24, "json-column", "json has no equality: DISTINCT and GROUP BY fail on it", "use jsonb", Json),
            new(
                25,
                "column-type",
                "such types cause trouble later: padding, limits in characters, or a zone that nobody knows",
                "text without a limit, timestamptz, bigint; Odoo's own columns are not told",
                Types
            ),
            new(
                26,
                "id-near-its-end",
                "at 2,147,483,647 no row can be added any more",
                "make the column bigint before that",
                Ids
            ),
            new(
                27,
                "enum-changed",
                "values of an enumeration cannot be taken back",
                "a text with a check is easier to undo",
                Enums
            ),
        ];

    private static IEnumerable<LintHit> Renamed(LintSubject subject)
    {
        foreach (var (before, after) in subject.SameColumns().Where(pair => pair.Before.Name != pair.After.Name))
        {
            yield return new(LintSeverity.High, before.Key, $"the column {before.Key} is called {after.Name} now");
        }

        var now = subject.Observed.After.Relations.ToDictionary(item => item.Oid);
        foreach (
            var before in subject.Observed.Before.Relations.Where(item =>
                item.Kind is "r" && now.TryGetValue(item.Oid, out var after) && after.Name != item.Name
            )
        )
        {
            yield return new(
                LintSeverity.High,
                before.Name,
                $"the table {before.Name} is called {now[before.Oid].Name} now"
            );
        }
    }

    private static IEnumerable<LintHit> Narrowed(LintSubject subject) =>
        from pair in subject.SameColumns()
        where IsNarrower(pair.Before, pair.After)
        select new LintHit(
            LintSeverity.High,
            pair.After.Key,
            $"{pair.After.Key}{subject.Rows(pair.After.Table)} became {Name(pair.After)} and was {Name(pair.Before)}"
        );

    private static bool IsNarrower(ColumnState before, ColumnState after) =>
        before.Type == after.Type
            ? (after.Length ?? int.MaxValue) < (before.Length ?? int.MaxValue)
                || (after.Scale ?? int.MaxValue) < (before.Scale ?? int.MaxValue)
            : (before.Type, after.Type) switch
            {
                ("bigint", "integer" or "smallint") or ("integer", "smallint") => true,
                ("numeric" or "double precision", "integer" or "bigint" or "smallint") => true,
                ("double precision", "real") => true,
                ("text", "character varying" or "character") => after.Length is not null,
                ("character varying", "character") => true,
                ("timestamp without time zone" or "timestamp with time zone", "date") => true,
                (_, "boolean") => before.Type is not "boolean",
                _ => false,
            };

    private static string Name(ColumnState column) =>
        column.Length is { } length ? Text($"{column.Type}({length})")
        : column.Scale is { } scale ? Text($"{column.Type} with {scale} digits after the point")
        : column.Type;

    private static IEnumerable<LintHit> Json(LintSubject subject) =>
        subject
            .NewColumns()
            .Where(column => column.Type is "json")
            .Select(column => new LintHit(LintSeverity.Warning, column.Key, $"the new column {column.Key} is json"));

    /// <summary>Odoo makes varchar, int4 and timestamp by itself; only what a migration script wrote is told.</summary>
    private static IEnumerable<LintHit> Types(LintSubject subject) =>
        subject
            .NewColumns()
            .Where(column => column.Type is "character" or "smallint" or "money" or "time with time zone")
            .Select(column => new LintHit(
                LintSeverity.Info,
                column.Key,
                $"the new column {column.Key} is {column.Type}"
            ));

    private static IEnumerable<LintHit> Ids(LintSubject subject) =>
        from sequence in subject.Observed.After.Sequences
        where sequence is { Last: not null, Limit: > 0 }
        let share = (double)sequence.Last!.Value / sequence.Limit
        where share > FullEnough
        select new LintHit(
            share > NearlyFull ? LintSeverity.Block : LintSeverity.Warning,
            sequence.Name,
            Text($"{sequence.Name} is at {sequence.Last} of {sequence.Limit}, {share:P0}")
        );

    private static IEnumerable<LintHit> Enums(LintSubject subject)
    {
        var old = subject.Observed.Before.Enums.ToDictionary(item => item.Name, StringComparer.Ordinal);
        return from item in subject.Observed.After.Enums
            let before = old.GetValueOrDefault(item.Name)
            where before is null || !before.Values.SequenceEqual(item.Values, StringComparer.Ordinal)
            select new LintHit(
                LintSeverity.Warning,
                item.Name,
                before is null
                    ? $"the enumeration {item.Name} is new"
                    : $"the enumeration {item.Name} is ({string.Join(", ", item.Values)}) and was ({string.Join(", ", before.Values)})"
            );
    }
}
