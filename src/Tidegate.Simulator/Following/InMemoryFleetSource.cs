using System.Collections.Concurrent;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.Following;

namespace Tidegate.Simulator.Following;

/// <summary>Repositories in memory, with the promises of real ones: what was fetched stays, whatever happens to the branch.</summary>
public sealed class InMemoryFleetSource : IFleetSource
{
    private readonly ConcurrentDictionary<string, InMemoryRepository> repositories = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Repository, CommitId Commit), bool> fetched = [];

    /// <summary>The repository of an address; it is made when first asked for.</summary>
    public InMemoryRepository Repository(string address) => repositories.GetOrAdd(address, _ => new());

    public Task<FetchResult> FetchAsync(SourceAddress source, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Fetch(source));
    }

    public Task<SourceHistory> HistoryAsync(
        SourceAddress source,
        CommitId? from,
        CommitId to,
        int most,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var news = Fetched(source, to).Reachable(to);
        if (from is not { } old)
        {
            return Task.FromResult(new SourceHistory(HistoryRelation.Forward, [news[0]], 1));
        }

        var known = Fetched(source, old).Reachable(old);
        var relation =
            old == to ? HistoryRelation.Same
            : news.Any(commit => commit.Id == old) ? HistoryRelation.Forward
            : known.Any(commit => commit.Id == to) ? HistoryRelation.Backward
            : HistoryRelation.Diverged;
        var before = known.Select(commit => commit.Id).ToHashSet();
        var between = news.Where(commit => !before.Contains(commit.Id)).ToList();
        return Task.FromResult(new SourceHistory(relation, [.. between.Take(most)], between.Count));
    }

    public Task<IFleetFiles> FilesAsync(SourceAddress source, CommitId commit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IFleetFiles>(new InMemoryFiles(Fetched(source, commit).TreeOf(commit), source.Folder));
    }

    private FetchResult Fetch(SourceAddress source)
    {
        if (!repositories.TryGetValue(source.Repository, out var repository))
        {
            return new FetchResult.Unreachable($"There is no repository {source.Repository}.");
        }

        if (repository.AwayBecause is { } why)
        {
            return new FetchResult.Unreachable(why);
        }

        if (repository.Head(source.Branch) is not { } head)
        {
            return new FetchResult.NoBranch();
        }

        foreach (var commit in repository.Reachable(head))
        {
            fetched[(source.Repository, commit.Id)] = true;
        }

        return new FetchResult.At(head);
    }

    private InMemoryRepository Fetched(SourceAddress source, CommitId commit) =>
        fetched.ContainsKey((source.Repository, commit))
            ? repositories[source.Repository]
            : throw new IOException($"Commit {commit.Short} of {source.Repository} was not fetched.");
}
