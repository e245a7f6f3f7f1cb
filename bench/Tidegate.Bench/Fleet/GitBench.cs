using System.Diagnostics;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Reading;
using Tidegate.ControlPlane.Following;
using Tidegate.Drivers.Git;
using Tidegate.Drivers.Sites;

namespace Tidegate.Bench.Fleet;

/// <summary>The same fleet in a repository of git: read whole out of a commit, and fetched and read again after one file changed.</summary>
internal sealed class GitBench(BenchRepository fleet, string folder)
{
    private const int Rounds = 5;
    private const int Commits = 20;

    private readonly GitFolder repository = new(Path.Join(folder, "fleet"));

    public async Task<Figures> RunAsync(CancellationToken cancellationToken)
    {
        fleet.Write(repository.Path);
        await repository.CreateAsync(cancellationToken);
        var address = new SourceAddress(repository.Path, "main");
        using var source = new GitFleetSource(new SiteLayout(Path.Join(folder, "home")), TimeProvider.System);
        await repository.CommitAsync(cancellationToken);
        var watch = Stopwatch.StartNew();
        var head = await FetchAsync(source, address, cancellationToken);
        var first = watch.Elapsed.TotalSeconds;

        var cache = new DocumentCache();
        var whole = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            using var fresh = new GitFleetSource(new SiteLayout(Path.Join(folder, "home")), TimeProvider.System);
            cache = new();
            watch.Restart();
            await ReadAsync(fresh, address, head, cache, cancellationToken);
            whole.Add(watch.Elapsed.TotalSeconds);
        }

        var (fetches, histories, reads) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Commits; round++)
        {
            fleet.Change(round, round % 2 == 0 ? "Europe/Paris" : "Europe/Madrid");
            fleet.WriteTenant(repository.Path, round);
            await repository.CommitAsync(cancellationToken);
            watch.Restart();
            var next = await FetchAsync(source, address, cancellationToken);
            fetches.Add(watch.Elapsed.TotalMilliseconds);
            watch.Restart();
            await source.HistoryAsync(address, head, next, 50, cancellationToken);
            histories.Add(watch.Elapsed.TotalMilliseconds);
            watch.Restart();
            await ReadAsync(source, address, next, cache, cancellationToken);
            reads.Add(watch.Elapsed.TotalMilliseconds);
            head = next;
        }

        watch.Restart();
        await FetchAsync(source, address, cancellationToken);
        return new()
        {
            ["git_first_fetch_10k_s"] = first,
            ["git_read_10k_s"] = Figures.Median(whole),
            ["git_fetch_none_ms"] = watch.Elapsed.TotalMilliseconds,
            ["git_fetch_one_ms"] = Figures.Median(fetches),
            ["git_history_one_ms"] = Figures.Median(histories),
            ["git_reread_one_ms"] = Figures.Median(reads),
        };
    }

    private static async Task<CommitId> FetchAsync(
        GitFleetSource source,
        SourceAddress address,
        CancellationToken cancellationToken
    ) =>
        await source.FetchAsync(address, cancellationToken) is FetchResult.At at
            ? at.Head
            : throw new InvalidOperationException("The repository was not fetched.");

    private static async Task ReadAsync(
        GitFleetSource source,
        SourceAddress address,
        CommitId commit,
        DocumentCache cache,
        CancellationToken cancellationToken
    )
    {
        var files = await source.FilesAsync(address, commit, cancellationToken);
        if (FleetReader.Read(files, cache, cancellationToken) is not FleetReading.Good)
        {
            throw new InvalidOperationException("The fleet in git is broken.");
        }
    }
}
