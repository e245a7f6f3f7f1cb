using System.Collections.Immutable;

namespace Tidegate.Drivers.Odoo;

/// <summary>What a migration's log says, read once from beginning to end.</summary>
/// <param name="Records">Records read; 0 is a log that nobody wrote.</param>
/// <param name="ModulesLoaded">"Modules loaded." was seen. It proves nothing alone: failures with exit code 0 say it too.</param>
/// <param name="ScriptsRun">Scripts whose start Odoo announced, in order.</param>
/// <param name="Findings">Telling lines, in order, at most <see cref="MostKept"/>.</param>
/// <param name="Errors">ERROR and CRITICAL records that are not allowed, in order, at most <see cref="MostKept"/>.</param>
/// <param name="ErrorCount">All of them.</param>
/// <param name="LastActivity">What Odoo announced last before the first error, or before the log ends: where it was.</param>
public sealed record MigrationLog(
    long Records,
    bool ModulesLoaded,
    ImmutableArray<ScriptRun> ScriptsRun,
    ImmutableArray<LogFinding> Findings,
    ImmutableArray<LogRecord> Errors,
    long ErrorCount,
    LogRecord? LastActivity
)
{
    /// <summary>A failing loop may log for ever; the whole log is evidence, this is its index.</summary>
    public const int MostKept = 200;

    public bool Says(LogPhrase phrase) => Findings.Any(finding => finding.Phrase == phrase);

    /// <summary>The script that was running when the migration went wrong; null when it was doing something else.</summary>
    public ScriptRun? InterruptedScript =>
        LastActivity?.Message.Contains("Running migration", StringComparison.Ordinal) is true ? ScriptsRun[^1] : null;

    /// <summary>Reads the log at <paramref name="path"/> line by line; null when there is no file.</summary>
    public static async Task<MigrationLog?> FindAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var reader = new StreamReader(path);
        return await ReadAsync(reader, cancellationToken);
    }

    /// <summary>Reads a log of any size in constant memory.</summary>
    public static async Task<MigrationLog> ReadAsync(TextReader reader, CancellationToken cancellationToken)
    {
        var parser = new MigrationLogParser();
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            parser.Add(line);
        }

        return parser.End();
    }
}

/// <summary>A script that Odoo announced before running it. The stage and version are as Odoo prints them: <c>[1.1&gt;] post-fill</c>.</summary>
public sealed record ScriptRun(string Module, string Version, string Name);
