using System.Collections.Immutable;
using Tidegate.ControlPlane.Blockers;

namespace Tidegate.ControlPlane.Following;

/// <summary>The followed repository as people see it.</summary>
/// <param name="Unsettled">How many pools and tenants are not as git says, or not served yet.</param>
/// <param name="Blockers">What is in the way, the oldest first.</param>
public sealed record SourceState(FollowedSource Source, int Unsettled, IReadOnlyList<Blocker> Blockers)
{
    /// <summary>In one word.</summary>
    public string Word =>
        Source.AskedAt is null ? "new"
        : Source.Failures > 0 ? "unreachable"
        : Blockers.Count > 0 ? "blocked"
        : Unsettled > 0 ? "settling"
        : "in_step";
}

/// <summary>What came of taking a commit that does not come after the last good one.</summary>
public abstract record WaiveResult
{
    private WaiveResult() { }

    public sealed record Waived : WaiveResult;

    public sealed record NothingFollowed : WaiveResult;

    /// <summary>The branch stands elsewhere, or that commit is in force already.</summary>
    public sealed record NotThere(CommitId? Head) : WaiveResult;
}

/// <summary>Takes orders about the followed repository.</summary>
public sealed class SourceDesk(SourceStore store, BlockerStore blockers, TimeProvider clock)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    private static readonly ImmutableArray<string> Owners =
    [
        FollowingRound.Repository,
        FollowingRound.Commit,
        FollowingRound.Settling,
    ];

    /// <summary>Null while nothing is followed.</summary>
    public async Task<SourceState?> FindAsync(CancellationToken cancellationToken) =>
        await store.FindAsync(cancellationToken) is { } source
            ? new(
                source,
                (await store.UnsettledAsync(cancellationToken)).Count,
                await blockers.ListAsync(Owners, cancellationToken)
            )
            : null;

    /// <returns>Null, or the other repository, branch or folder that is followed: nothing was changed then.</returns>
    public Task<SourceAddress?> FollowAsync(
        SourceAddress address,
        string? webhookSecret,
        TimeSpan interval,
        string actor,
        CancellationToken cancellationToken
    ) => store.FollowAsync(new(address, webhookSecret, interval, actor, clock.GetUtcNow()), cancellationToken);

    /// <summary>Follows nothing any more; what was said of the repository goes with it.</summary>
    /// <returns>The repository that was followed, or null.</returns>
    public async Task<string?> UnfollowAsync(string actor, string? reason, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var repository = await store.RepositoryAsync(cancellationToken);
        if (repository is null || !await store.UnfollowAsync(actor, reason, now, cancellationToken))
        {
            return null;
        }

        var look = await blockers.LookAsync(cancellationToken);
        foreach (var owner in Owners)
        {
            await blockers.ReplaceAsync(owner, [], look, now, cancellationToken);
        }

        return repository;
    }

    /// <summary>Has the repository asked at once, and waits until that round has ended.</summary>
    /// <returns>False when nothing is followed, or no answer came within the bound: the round goes on.</returns>
    public async Task<bool> SyncAsync(TimeSpan bound, CancellationToken cancellationToken)
    {
        if (await store.RequestRoundAsync(cancellationToken) is not { } request)
        {
            return false;
        }

        var deadline = clock.GetUtcNow() + bound;
        while (!await store.HasAnsweredAsync(request, cancellationToken))
        {
            if (clock.GetUtcNow() > deadline)
            {
                return false;
            }

            await Task.Delay(Glance, clock, cancellationToken);
        }

        return true;
    }

    /// <summary>Takes the commit at which the branch stands, although history was written anew.</summary>
    public async Task<WaiveResult> WaiveAsync(
        CommitId commit,
        string actor,
        string reason,
        CancellationToken cancellationToken
    ) =>
        await store.WaiveAsync(commit, actor, reason, clock.GetUtcNow(), cancellationToken) ? new WaiveResult.Waived()
        : await store.FindAsync(cancellationToken) is { } source ? new WaiveResult.NotThere(source.Head)
        : new WaiveResult.NothingFollowed();
}
