using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Jobs;

namespace Tidegate.Drivers.Backups;

/// <summary>Has pgBackRest read every file of the repository, and reads what it prints: its exit code is 0 whatever it finds.</summary>
public sealed partial class RepositoryCheck(PgBackRest repository)
{
    /// <summary>What is wrong with files that a backup needs, each named; nothing when all are well.</summary>
    /// <exception cref="JobFailedException">They could not be read.</exception>
    public async Task<ImmutableArray<string>> RunAsync(ClusterBackup backup, CancellationToken cancellationToken)
    {
        var answer = await repository.RunAsync(
            "verify",
            ["--output=text", "--verbose", "--log-level-console=info"],
            cancellationToken
        );
        return answer.ExitCode == 0
            ? Read(answer.Output, backup)
            : throw new JobFailedException($"the repository could not be read: {answer.Complaint}");
    }

    internal static ImmutableArray<string> Read(string output, ClusterBackup backup)
    {
        string[] needed = [backup.Label, .. backup.References];
        var findings = new List<string>();
        var seen = false;
        foreach (var line in output.Split('\n'))
        {
            if (BadFile().Match(line) is { Success: true } file)
            {
                var path = file.Groups["path"].Value;
                if (IsNeeded(path, needed, backup))
                {
                    findings.Add($"{file.Groups["what"].Value} {path}");
                }
            }
            else if (BackupStatus().Match(line) is { Success: true } status)
            {
                var label = status.Groups["label"].Value;
                seen |= string.Equals(label, backup.Label, StringComparison.Ordinal);
                if (needed.Contains(label, StringComparer.Ordinal) && status.Groups["status"].Value is not "valid")
                {
                    findings.Add($"backup {label} is {status.Groups["status"].Value}");
                }
            }
        }

        if (!seen)
        {
            findings.Add($"pgBackRest says nothing of backup {backup.Label}");
        }

        return [.. findings.Distinct(StringComparer.Ordinal)];
    }

    // Of the log only what lies behind the backup's beginning is needed: 15-1/0000000100000000/000000010000000000000005-8b0e….zst
    private static bool IsNeeded(string path, string[] labels, ClusterBackup backup) =>
        labels.Any(label => path.StartsWith($"{label}/", StringComparison.Ordinal))
        || (
            WalSegment.TryParse(path[(path.LastIndexOf('/') + 1)..]) is { } segment
            && segment.Number >= backup.StartSegment.Number
        );

    [GeneratedRegex(
        @" INFO: (?<what>invalid checksum|invalid size|file missing|invalid result|[a-z ]+) '(?<path>[^']+)'",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex BadFile();

    [GeneratedRegex(
        @"^\s*backup: (?<label>[^,]+), status: (?<status>[^,]+),",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex BackupStatus();
}
