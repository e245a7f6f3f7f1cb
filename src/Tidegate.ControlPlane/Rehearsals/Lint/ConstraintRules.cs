namespace Tidegate.ControlPlane.Rehearsals.Lint;

/// <summary>Constraints that were added, changed or removed.</summary>
internal static class ConstraintRules
{
    public static IEnumerable<LintRule> All =>
        [
            new(
                10,
                "exclusion-constraint",
                "there is no way to build it while people work",
                "accept the time in the hold, or check the rule in code",
                subject => Added(subject, "x", LintSeverity.High)
            ),
            new(
                11,
                "foreign-key-validated",
                "every row is checked while nobody can write either table",
                "add it NOT VALID beforehand and validate it while people work",
                subject => Added(subject, "f", null)
            ),
            new(
                12,
                "check-validated",
                "every row is read while the table is closed",
                "add it NOT VALID beforehand and validate it while people work",
                subject => Added(subject, "c", null)
            ),
            new(
                13,
                "validated-in-one-transaction",
                "NOT VALID gains nothing when VALIDATE follows in the same transaction",
                "validate in a transaction of its own",
                ValidatedAtOnce
            ),
            new(
                14,
                "not-null-set",
                "every row is read while the table is closed, and the old code's inserts without a value fail",
                "add CHECK (column IS NOT NULL) NOT VALID and validate it beforehand: PostgreSQL then reads nothing",
                NotNull
            ),
            new(
                21,
                "constraint-removed",
                "rows that it kept out may come in",
                "keep it, or say in the release's notes why it goes",
                Removed
            ),
            new(
                37,
                "primary-key-over-nullable",
                "PostgreSQL reads every row to set NOT NULL first",
                "set NOT NULL beforehand, with a validated check",
                NullableKey
            ),
        ];

    private static IEnumerable<LintHit> Added(LintSubject subject, string kind, LintSeverity? severity) =>
        from constraint in subject.NewConstraints()
        where constraint.Kind == kind && constraint.IsValidated
        // One on a column that is new as well has nothing but empty values to check.
        where kind is not "f" || !constraint.Columns.All(column => IsNew(subject, constraint.Table, column))
        select new LintHit(
            severity ?? subject.BySize(constraint.Table),
            constraint.Key,
            $"{constraint.Key} on {constraint.Table}{subject.Rows(constraint.Table)} was checked at once: {constraint.Definition}"
        );

    private static bool IsNew(LintSubject subject, string table, string column) =>
        !subject.Observed.Before.Columns.Any(before => before.Table == table && before.Name == column);

    private static IEnumerable<LintHit> ValidatedAtOnce(LintSubject subject) =>
        from transaction in subject.Done.GroupBy(command => command.Transaction)
        where transaction.Key != 0
        from added in transaction
        where added.Line.Contains("NOT VALID", StringComparison.OrdinalIgnoreCase)
        from table in added.Tables
        where
            transaction.Any(later =>
                later.Number > added.Number
                && later.Tables.Contains(table, StringComparer.Ordinal)
                && later.Line.Contains("VALIDATE CONSTRAINT", StringComparison.OrdinalIgnoreCase)
            )
        select new LintHit(
            LintSeverity.Warning,
            table,
            $"a constraint of {table} was added NOT VALID and validated in the same transaction"
        );

    private static IEnumerable<LintHit> NotNull(LintSubject subject) =>
        subject
            .SameColumns()
            .Where(pair => pair is { Before.IsRequired: false, After.IsRequired: true })
            .Select(pair => new LintHit(
                subject.BySize(pair.After.Table),
                pair.After.Key,
                $"{pair.After.Key}{subject.Rows(pair.After.Table)} must not be empty any more"
            ));

    private static IEnumerable<LintHit> Removed(LintSubject subject)
    {
        foreach (
            var (before, _) in subject
                .SameColumns()
                .Where(pair => pair is { Before.IsRequired: true, After.IsRequired: false })
        )
        {
            yield return new(LintSeverity.Warning, before.Key, $"{before.Key} may be empty now");
        }

        var now = subject.Observed.After.Constraints.Select(item => item.Key).ToHashSet(StringComparer.Ordinal);
        var columns = subject.Observed.After.Columns.Select(column => column.Key).ToHashSet(StringComparer.Ordinal);
        foreach (
            var gone in subject.Observed.Before.Constraints.Where(item =>
                !now.Contains(item.Key)
                && subject.Observed.After.Find(item.Table) is not null
                && item.Columns.All(column => columns.Contains($"{item.Table}.{column}"))
            )
        )
        {
            yield return new(
                gone.Kind is "f" or "u" or "p" ? LintSeverity.High : LintSeverity.Warning,
                gone.Key,
                $"the constraint {gone.Key} is gone: {gone.Definition}"
            );
        }
    }

    private static IEnumerable<LintHit> NullableKey(LintSubject subject) =>
        from constraint in subject.NewConstraints()
        where constraint.Kind is "p"
        from column in constraint.Columns
        where
            subject.Observed.Before.Columns.Any(before =>
                before.Table == constraint.Table && before.Name == column && !before.IsRequired
            )
        select new LintHit(
            LintSeverity.Warning,
            constraint.Key,
            $"{constraint.Key} is the primary key over {column}, which could be empty before"
        );
}
