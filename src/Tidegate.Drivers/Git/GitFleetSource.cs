using System.Collections.Concurrent;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.Following;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Git;

/// <summary>Repositories of git, each with a copy below the home that every question but the first is answered from.</summary>
public sealed class GitFleetSource(SiteLayout layout, TimeProvider clock) : IFleetSource, IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<GitObjects>> objects = new(StringComparer.Ordinal);

    public async Task<FetchResult> FetchAsync(SourceAddress source, CancellationToken cancellationToken)
    {
        if (SourceAddressRules.Refusal(source) is { } refusal)
        {
            return new FetchResult.Unreachable(refusal);
        }

        try
        {
            return await new MirrorFetch(layout, Mirror(source), source).RunAsync(cancellationToken);
        }
        catch (GitFailedException failure)
        {
            return new FetchResult.Unreachable(Sentence(source, "fetched", failure));
        }
        catch (Exception disk) when (disk is IOException or UnauthorizedAccessException)
        {
            // The home's own folders: full, not writable, gone. Asking again later is right, whatever it was.
            return new FetchResult.Unreachable(
                $"The copy of {SourceAddressRules.Shown(source.Repository)} below {layout.Mirrors} cannot be written: {SourceText.Shown(disk.Message, 300)}"
            );
        }
    }

    public async Task<SourceHistory> HistoryAsync(
        SourceAddress source,
        CommitId? from,
        CommitId to,
        int most,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await History(source).BetweenAsync(from, to, most, cancellationToken);
        }
        catch (GitFailedException failure)
        {
            throw new IOException(Sentence(source, "read", failure), failure);
        }
    }

    public Task<IFleetFiles> FilesAsync(SourceAddress source, CommitId commit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            History(source).Require(commit);
        }
        catch (GitFailedException failure)
        {
            throw new IOException(Sentence(source, "read", failure), failure);
        }

        return Task.FromResult<IFleetFiles>(new CommitFiles(Objects(source), Mirror(source), commit, source.Folder));
    }

    public void Dispose()
    {
        foreach (var each in objects.Values.Where(each => each.IsValueCreated))
        {
            each.Value.Dispose();
        }
    }

    private GitHistory History(SourceAddress source)
    {
        if (SourceAddressRules.Refusal(source) is { } refusal)
        {
            throw new GitFailedException(refusal);
        }

        var mirror = Mirror(source);
        return new(mirror, Objects(source), new GitSignatures(mirror, new KnownKeys(layout, clock)));
    }

    private GitMirror Mirror(SourceAddress source) => new(layout, source.Repository, clock);

    private GitObjects Objects(SourceAddress source) =>
        objects.GetOrAdd(source.Repository, _ => new(() => new GitObjects(Mirror(source), clock))).Value;

    private static string Sentence(SourceAddress source, string tried, GitFailedException failure) =>
        failure.Message.EndsWith('.')
            ? failure.Message
            : $"{SourceAddressRules.Shown(source.Repository)} cannot be {tried}: {failure.Message}.";
}
