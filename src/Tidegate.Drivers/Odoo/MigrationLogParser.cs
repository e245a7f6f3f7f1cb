using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Tidegate.Drivers.Odoo;

/// <summary>Takes a log line by line. A line that begins no record continues the last one.</summary>
internal sealed partial class MigrationLogParser
{
    private readonly ImmutableArray<ScriptRun>.Builder scripts = ImmutableArray.CreateBuilder<ScriptRun>();
    private readonly ImmutableArray<LogFinding>.Builder findings = ImmutableArray.CreateBuilder<LogFinding>();
    private readonly ImmutableArray<LogRecord>.Builder errors = ImmutableArray.CreateBuilder<LogRecord>();
    private readonly RecordDetail detail = new();
    private long records;
    private long errorCount;
    private bool modulesLoaded;
    private LogRecord? current;
    private LogRecord? lastActivity;

    public void Add(string line)
    {
        if (LogRecord.TryParse(line) is { } record)
        {
            Close();
            current = record;
        }
        else
        {
            detail.Add(line);
        }
    }

    public MigrationLog End()
    {
        Close();
        return new(
            records,
            modulesLoaded,
            scripts.ToImmutable(),
            findings.ToImmutable(),
            errors.ToImmutable(),
            errorCount,
            lastActivity
        );
    }

    private void Close()
    {
        var text = detail.Take();
        if (current is null)
        {
            return;
        }

        var record = current with { Detail = text };
        current = null;
        records++;
        modulesLoaded |= string.Equals(record.Message, "Modules loaded.", StringComparison.Ordinal);
        if (Script().Match(record.Message) is { Success: true } script)
        {
            scripts.Add(
                new(script.Groups["module"].Value, script.Groups["version"].Value, script.Groups["name"].Value)
            );
        }

        if (LogPhrases.Find(record) is { } finding && findings.Count < MigrationLog.MostKept)
        {
            findings.Add(finding);
        }

        if (errorCount == 0 && record.Level is "INFO")
        {
            lastActivity = record;
        }

        if (record.IsError)
        {
            errorCount++;
            if (errors.Count < MigrationLog.MostKept)
            {
                errors.Add(record);
            }
        }
    }

    // Odoo puts the stage as a mark beside the version: [>1.1] is pre, [1.1>] post, [$1.1] end.
    [GeneratedRegex(
        @"\Amodule (?<module>\w+): Running migration \[[>$]?(?<version>[^\]>]+)>?\] (?<name>.+)\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Script();
}
