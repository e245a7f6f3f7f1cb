namespace Tidegate.Drivers.Odoo;

/// <summary>Odoo's telling lines in a shop keeper's words.</summary>
internal static class LogSentences
{
    public static string Of(LogFinding finding)
    {
        var subject = finding.Subject;
        return finding.Phrase switch
        {
            LogPhrase.ManifestMissing => $"the module {subject} is installed, but the release has no folder for it",
            LogPhrase.NotInstallable =>
                $"the module {subject} cannot be installed from this release and was passed over",
            LogPhrase.DependencyMissing => $"the module {subject} was passed over: something it depends on is missing",
            LogPhrase.UnknownModule => $"no module is called {subject}",
            LogPhrase.InconsistentStates => $"modules were left unfinished: {subject}",
            LogPhrase.ModulesNotLoaded => $"installed modules could not be loaded: {subject}",
            LogPhrase.MigrationFolderIgnored =>
                $"the folder of migration scripts {Short(subject)} has no version for a name; its scripts never run",
            LogPhrase.MigrateFunctionMissing =>
                $"a migration script has no function migrate: {finding.Record.Detail ?? finding.Record.Message}",
            LogPhrase.ContainsNulls =>
                $"the column {subject} must not be empty, but Odoo could not set NOT NULL: rows have no value",
            LogPhrase.NotNullMissing => $"the field {subject} is required, but its column may be empty",
            LogPhrase.NotUnique => $"the unique index {subject} could not be made: rows are alike{Because(finding)}",
            LogPhrase.CheckViolated => $"the check constraint {subject} could not be set: rows violate it",
            LogPhrase.ForeignKeyViolated =>
                $"the foreign key {subject} could not be set: rows point nowhere{Because(finding)}",
            LogPhrase.IndexNotMade => $"the index {subject} could not be made",
            LogPhrase.CustomViewInvalid => $"a customised view of {subject} is no longer valid",
            LogPhrase.DemoFailed => $"the demonstration data of {subject} could not be loaded",
            LogPhrase.ServerWideModuleFailed => $"the server-wide module {subject} could not be loaded",
            LogPhrase.StatesReset => "Odoo gave the update up and set the modules' states back",
            LogPhrase.RegistryFailed => "Odoo could not build its registry",
            LogPhrase.DatabaseFailed => "Odoo could not update the database",
        };
    }

    /// <summary>A schema complaint about something that was missing before the release is not the release's doing. Odoo repeats old ones at every update.</summary>
    public static bool IsKnown(LogFinding finding, IReadOnlySet<string> gapsBefore) =>
        finding.Phrase switch
        {
            LogPhrase.ContainsNulls => gapsBefore.Contains(finding.Subject),
            LogPhrase.NotNullMissing => gapsBefore.Contains(ColumnOf(finding.Subject)),
            LogPhrase.NotUnique or LogPhrase.CheckViolated or LogPhrase.ForeignKeyViolated or LogPhrase.IndexNotMade =>
                gapsBefore.Any(gap => gap.EndsWith($".{finding.Subject}", StringComparison.Ordinal)),
            LogPhrase.ManifestMissing or LogPhrase.NotInstallable or LogPhrase.DependencyMissing => false,
            LogPhrase.UnknownModule or LogPhrase.InconsistentStates or LogPhrase.ModulesNotLoaded => false,
            LogPhrase.MigrationFolderIgnored or LogPhrase.MigrateFunctionMissing => false,
            LogPhrase.CustomViewInvalid or LogPhrase.DemoFailed or LogPhrase.ServerWideModuleFailed => false,
            LogPhrase.StatesReset or LogPhrase.RegistryFailed or LogPhrase.DatabaseFailed => false,
        };

    /// <summary><c>sale.order.promo_code</c> is the column <c>sale_order.promo_code</c>.</summary>
    private static string ColumnOf(string field)
    {
        var dot = field.LastIndexOf('.');
        return dot < 0 ? field : $"{field[..dot].Replace('.', '_')}{field[dot..]}";
    }

    private static string Short(string path) => string.Join('/', path.Split('/').TakeLast(3));

    private static string Because(LogFinding finding) =>
        finding.Record.Detail is { } detail ? $" ({detail.TrimEnd('.')})" : "";
}
