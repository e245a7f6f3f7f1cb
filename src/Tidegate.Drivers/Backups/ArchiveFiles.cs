using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Backups;

/// <summary>What the repository holds of the log, file by file, and how the timelines came to be.</summary>
public sealed class ArchiveFiles(PgBackRest repository, SiteLayout layout)
{
    /// <exception cref="JobFailedException">They cannot be listed.</exception>
    public async Task<ImmutableHashSet<WalSegment>> ListAsync(CancellationToken cancellationToken)
    {
        var answer = await repository.RunAsync(
            "repo-ls",
            ["--recurse"],
            cancellationToken,
            $"archive/{PgBackRest.Stanza}"
        );
        return answer.ExitCode == 0
            ?
            [
                .. answer
                    .Output.Split('\n')
                    .Select(line => line[(line.LastIndexOf('/') + 1)..])
                    // <segment>-<sha1>.zst; beside them lie histories and labels of backups.
                    .Where(name => name.Length > 24 && name[24] == '-')
                    .Select(WalSegment.TryParse)
                    .OfType<WalSegment>(),
            ]
            : throw new JobFailedException($"the archive cannot be listed: {answer.Complaint}");
    }

    /// <summary>The forks that lead to a timeline, the oldest first; none of the first timeline.</summary>
    public async Task<ImmutableArray<TimelineFork>> ForksAsync(uint timeline, CancellationToken cancellationToken)
    {
        if (timeline == 1)
        {
            return [];
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"{timeline:X8}.history");
        var draft = Path.Combine(layout.BackupSpool, $"{name}.{Path.GetRandomFileName()}");
        try
        {
            var answer = await repository.RunAsync("archive-get", [], cancellationToken, name, draft);
            return answer.ExitCode == 0
                ? Read(await File.ReadAllLinesAsync(draft, cancellationToken))
                : throw new JobFailedException(
                    $"the archive lacks {name}, which says how timeline {timeline} came to be: {answer.Complaint}"
                );
        }
        finally
        {
            File.Delete(draft);
        }
    }

    // 1	0/5000000	no recovery target specified
    internal static ImmutableArray<TimelineFork> Read(IEnumerable<string> history) =>
        [
            .. history
                .Select(line => line.Split('\t'))
                .Where(fields => fields.Length >= 2)
                .Select(fields => new TimelineFork(
                    uint.Parse(fields[0].Trim(), CultureInfo.InvariantCulture),
                    WalPosition.Parse(fields[1].Trim())
                )),
        ];
}
