using System.Text.RegularExpressions;

namespace Tidegate.Drivers.Odoo;

/// <summary>Odoo's telling lines by logger and text. The words are Odoo's (14 to 19) and PostgreSQL's; they are what we look for, so they stay as they are.</summary>
internal static class LogPhrases
{
    private static readonly (LogPhrase Phrase, Regex Pattern)[] Entries =
    [
        (LogPhrase.ManifestMissing, In("modules.module", @"module (?<s>\w+): manifest not found")),
        (LogPhrase.NotInstallable, In(@"modules\.\w+", @"module (?<s>\w+): not installable, skipped")),
        (LogPhrase.DependencyMissing, In(@"modules\.\w+", @"module (?<s>\w+): some depends are not loaded")),
        (LogPhrase.DependencyMissing, In(@"modules\.\w+", @"module (?<s>\w+): Unmet dependencies")),
        (LogPhrase.UnknownModule, In("modules.loading", "invalid module names, ignored: (?<s>.+)")),
        (
            LogPhrase.InconsistentStates,
            In("modules.loading", @"Some modules have inconsistent states[^\[]*\[(?<s>.+)\]")
        ),
        (LogPhrase.ModulesNotLoaded, In("modules.loading", @"Some modules are not loaded[^\[]*\[(?<s>.+)\]")),
        (LogPhrase.StatesReset, In("modules.loading", "Transient module states were reset")),
        (LogPhrase.DemoFailed, In("modules.loading", @"Module (?<s>\w+) demo data failed")),
        (LogPhrase.CustomViewInvalid, In("modules.loading", @"invalid custom view\(s\) for model (?<s>[\w.]+)")),
        (LogPhrase.MigrationFolderIgnored, In("modules.migration", "Invalid version for upgrade script '(?<s>[^']+)'")),
        (LogPhrase.ServerWideModuleFailed, In(@"service\.server", @"Failed to load server-wide module `(?<s>\w+)`")),
        (LogPhrase.DatabaseFailed, In(@"[\w.]+", "Failed to initialize database")),
        (LogPhrase.RegistryFailed, In(@"(modules\.)?registry", "Failed to load registry")),
        (LogPhrase.NotNullMissing, In("schema", @"Missing not-null constraint on (?<s>[\w.]+)")),
        (LogPhrase.IndexNotMade, In("schema", "Unable to add index '(?<s>[^']+)'")),
        (
            LogPhrase.ContainsNulls,
            In("schema", "column \"(?<c>[^\"]+)\" of relation \"(?<s>[^\"]+)\" contains null values")
        ),
        (LogPhrase.NotUnique, In("schema", "could not create unique index \"(?<s>[^\"]+)\"")),
        (LogPhrase.CheckViolated, In("schema", "check constraint \"(?<s>[^\"]+)\" of relation")),
        (LogPhrase.ForeignKeyViolated, In("schema", ".*violates foreign key constraint \"(?<s>[^\"]+)\"")),
    ];

    /// <summary>What the record tells, or null. An INFO line of <c>odoo.schema</c> tells nothing: Odoo tries again at the end.</summary>
    public static LogFinding? Find(LogRecord record)
    {
        if (record is { Logger: "odoo.schema", Level: "INFO" or "DEBUG" })
        {
            return null;
        }

        var text = $"{record.Logger}: {record.Message}";
        if (record.Detail?.Contains("-migration file must have a \"migrate", StringComparison.Ordinal) is true)
        {
            return new(LogPhrase.MigrateFunctionMissing, "", record);
        }

        foreach (var (phrase, pattern) in Entries)
        {
            if (pattern.Match(text) is { Success: true } match)
            {
                return new(phrase, Subject(match), record);
            }
        }

        return null;
    }

    private static string Subject(Match match)
    {
        var subject = match.Groups["s"].Value.Replace("'", "", StringComparison.Ordinal);
        return match.Groups["c"] is { Success: true } column ? $"{subject}.{column.Value}" : subject;
    }

    // Linear in the line's length, so that no bound on time is needed: one in wall-clock time would call a line of a log
    // unreadable because the machine was busy.
    private static Regex In(string logger, string message) =>
        new(
            $@"\Aodoo\.{logger}: {message}",
            RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
        );
}
