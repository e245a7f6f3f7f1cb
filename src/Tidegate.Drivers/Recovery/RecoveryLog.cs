using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Tidegate.ControlPlane.Backups;

namespace Tidegate.Drivers.Recovery;

/// <summary>What a server's log says of its recovery. Fed line by line.</summary>
internal sealed partial class RecoveryLog
{
    /// <summary>Stands for the catalogues that all databases share.</summary>
    public const long Shared = 0;

    private readonly Dictionary<long, int> _invalidPages = [];

    /// <summary>Whether it takes connections.</summary>
    public bool IsReady { get; private set; }

    /// <summary>How far it has replayed.</summary>
    public WalPosition? Replayed { get; private set; }

    /// <summary>Where replaying ended; null while it has not.</summary>
    public WalPosition? Reached { get; private set; }

    public DateTimeOffset? LastCommit { get; private set; }

    /// <summary>Why it gave up; null when it did not.</summary>
    public string? Fatal { get; private set; }

    /// <summary>Pages that are missing, by database OID.</summary>
    public ImmutableDictionary<long, int> InvalidPages => _invalidPages.ToImmutableDictionary();

    public void Add(string line)
    {
        if (InvalidPage().Match(line) is { Success: true } invalid)
        {
            var database = invalid.Groups["database"] is { Success: true } oid
                ? long.Parse(oid.Value, CultureInfo.InvariantCulture)
                : Shared;
            _invalidPages[database] = _invalidPages.GetValueOrDefault(database) + 1;
        }
        else if (RedoDone().Match(line) is { Success: true } done)
        {
            Reached = Replayed = WalPosition.TryParse(done.Groups["lsn"].Value);
        }
        else if (RedoInProgress().Match(line) is { Success: true } progress)
        {
            Replayed = WalPosition.TryParse(progress.Groups["lsn"].Value);
        }
        else if (Segment().Match(line) is { Success: true } segment)
        {
            Replayed = WalSegment.TryParse(segment.Groups["name"].Value)?.Start ?? Replayed;
        }
        else if (LastTransaction().Match(line) is { Success: true } last)
        {
            LastCommit = DateTimeOffset.Parse(
                last.Groups["at"].Value.Replace(" UTC", "Z", StringComparison.Ordinal),
                CultureInfo.InvariantCulture
            );
        }
        else if (line.Contains("LOG:  database system is ready to accept connections", StringComparison.Ordinal))
        {
            IsReady = true;
        }
        else if (Failure().Match(line) is { Success: true } failure)
        {
            Fatal ??= failure.Groups["why"].Value;
        }
    }

    // page 3 of relation base/16390/16391 does not exist · page 3 of relation global/1262 is uninitialized
    [GeneratedRegex(
        @"WARNING:  page \d+ of relation (pg_tblspc/\d+/[^/ ]+/(?<database>\d+)/|base/(?<database>\d+)/|global/)\S* (does not exist|is uninitialized)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex InvalidPage();

    [GeneratedRegex(
        @"LOG:  redo done at (?<lsn>[0-9A-F]+/[0-9A-F]+)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex RedoDone();

    [GeneratedRegex(
        @"LOG:  redo in progress, .* current LSN: (?<lsn>[0-9A-F]+/[0-9A-F]+)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex RedoInProgress();

    [GeneratedRegex(
        "LOG:  restored log file \"(?<name>[0-9A-F]{24})\" from archive",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex Segment();

    [GeneratedRegex(
        @"LOG:  last completed transaction was at log time (?<at>.+)$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex LastTransaction();

    // Not of a client that came too early.
    [GeneratedRegex(
        @"(FATAL|PANIC):  (?<why>(recovery|requested|WAL|could not|out of|invalid|no |maximum|highest|hot standby).*)$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex Failure();
}
