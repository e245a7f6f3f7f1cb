namespace Tidegate.ControlPlane.Rehearsals.Lint;

/// <summary>What was tried and failed while Odoo said that all is well.</summary>
internal static class FailureRules
{
    private const string NotNullViolation = "23502";
    private const string NameTooLong = "42622";

    public static IEnumerable<LintRule> All =>
        [
            new(
                15,
                "required-column-on-filled-table",
                "rows that are there have no value for it: Odoo leaves the rule out and says nothing",
                "give the field a default, or fill it in a pre-migration script",
                RequiredColumn
            ),
            new(
                16,
                "statement-failed-silently",
                "Odoo swallows it and ends with exit code 0; a constraint or an index is missing",
                "mend the data in a pre-migration script; the statement says what was wanted",
                Failed
            ),
            new(
                28,
                "name-cut",
                "two names that are the same in their first 63 bytes become one",
                "give the constraint, index or table a shorter name",
                Cut
            ),
        ];

    private static IEnumerable<LintHit> RequiredColumn(LintSubject subject) =>
        subject
            .Observed.Errors.Where(error => error.State is NotNullViolation)
            .Where(error => error.Message.Contains("contains null values", StringComparison.Ordinal))
            .Select(error => new LintHit(
                LintSeverity.Block,
                error.Message,
                $"PostgreSQL refused NOT NULL: {error.Message}"
            ));

    private static IEnumerable<LintHit> Failed(LintSubject subject)
    {
        var done = subject.Done.Select(command => command.Line).ToHashSet(StringComparer.Ordinal);
        // Odoo tries again at its end: what came out well then is there.
        foreach (
            var failed in subject
                .Observed.Commands.Where(command => command.HasFailed && !done.Contains(command.Line))
                .DistinctBy(command => command.Line, StringComparer.Ordinal)
        )
        {
            yield return new(
                LintSeverity.Block,
                LockRules.Short(failed),
                $"{failed.Tag} was tried and did not come to its end: {LockRules.Short(failed)}"
            );
        }

        foreach (var warning in subject.Observed.SchemaWarnings)
        {
            yield return new(LintSeverity.Block, "odoo.schema", $"Odoo's schema log warns: {warning.Message}");
        }
    }

    private static IEnumerable<LintHit> Cut(LintSubject subject) =>
        subject
            .Observed.Errors.Where(error => error.State is NameTooLong)
            .Select(error => new LintHit(
                LintSeverity.Warning,
                error.Message,
                $"PostgreSQL cut a name: {error.Message}"
            ));
}
