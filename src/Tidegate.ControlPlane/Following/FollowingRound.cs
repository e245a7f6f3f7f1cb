using System.Collections.Immutable;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.DesiredState;

namespace Tidegate.ControlPlane.Following;

/// <summary>One round: asks the repository, takes what is good, settles what is left, and says what is in the way.</summary>
/// <remarks>For one round at a time.</remarks>
public sealed class FollowingRound(
    IFleetSource repository,
    SourceStore store,
    CommitChoice choice,
    FollowedFleets fleets,
    FleetSettler settler,
    BlockerStore blockers,
    SettlingPace pace,
    TimeProvider clock
)
{
    /// <summary>Owners of blockers: each is said anew only by what knows it.</summary>
    public const string Repository = "source/repository";
    public const string Commit = "source/commit";
    public const string Settling = "source/settling";

    /// <returns>How it ended; null when the round became somebody else's.</returns>
    public async Task<RoundEnd?> RunAsync(ClaimedSource claimed, CancellationToken cancellationToken)
    {
        var look = await blockers.LookAsync(cancellationToken);
        var result = await FetchAsync(claimed.Source, cancellationToken);
        var isReached = result is not FetchResult.Unreachable;
        var source = isReached
            ? await store.AnsweredAsync(claimed, (result as FetchResult.At)?.Head, cancellationToken)
            : await store.FailedAsync(claimed, cancellationToken);
        if (source is null)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        await blockers.ReplaceAsync(
            Repository,
            SourceBlockers.OfFetch(result, source.Address, source.Good, source.Failures, source.FailingSince ?? now),
            look,
            now,
            cancellationToken
        );
        var current = claimed with { Source = source };
        var isDone = result is FetchResult.At { Head: var head }
            ? await ChooseAsync(current, head, look, cancellationToken)
            : await SettleAsync(current, look, cancellationToken);
        return isDone is { } done ? new RoundEnd(isReached, done) : null;
    }

    /// <summary>Says that a round ended in the middle; the next one that ends clears it.</summary>
    public async Task FailedAsync(string why, CancellationToken cancellationToken)
    {
        var look = await blockers.LookAsync(cancellationToken);
        var now = clock.GetUtcNow();
        await blockers.ReplaceAsync(Repository, [SourceBlockers.OfFailure(why, now)], look, now, cancellationToken);
    }

    private async Task<FetchResult> FetchAsync(FollowedSource source, CancellationToken cancellationToken)
    {
        try
        {
            var result = await repository.FetchAsync(source.Address, cancellationToken);
            if (result is FetchResult.At { Head: var head } && head != source.Good?.Id)
            {
                // What cannot be read here is as good as not fetched.
                await fleets.ReadAsync(source.Address, head, cancellationToken);
            }

            return result;
        }
        catch (IOException unreadable)
        {
            return new FetchResult.Unreachable(unreadable.Message);
        }
    }

    /// <summary>The branch stands at a commit: takes it, or says why not.</summary>
    /// <returns>Whether all was done that could be; null when the round is somebody else's.</returns>
    private async Task<bool?> ChooseAsync(
        ClaimedSource claimed,
        CommitId head,
        Look look,
        CancellationToken cancellationToken
    )
    {
        var source = claimed.Source;
        var chosen = await choice.ChooseAsync(source, head, cancellationToken);
        if (chosen.Acceptance is null)
        {
            await SayAsync(chosen.Finding, source, look, cancellationToken);
            return await SettleAsync(claimed, look, cancellationToken);
        }

        pace.Forget();
        var result = await settler.SettleAsync(
            claimed,
            new(chosen.Fleet!, chosen.Acceptance.Commit),
            chosen.Acceptance,
            chosen.Changed,
            cancellationToken
        );
        if (result is null)
        {
            return null;
        }

        await fleets.GoodAsync(source.Address, chosen.Acceptance.Commit.Id, cancellationToken);
        await SayAsync(chosen.Finding, source, look, cancellationToken);
        await SayAsync(claimed, result, look, cancellationToken);
        return result.IsDone;
    }

    /// <summary>Goes on with what the state in force still has to settle, when it is time.</summary>
    /// <returns>Whether all was done that could be; null when the round is somebody else's.</returns>
    private async Task<bool?> SettleAsync(ClaimedSource claimed, Look look, CancellationToken cancellationToken)
    {
        if (claimed.Source.Good is not { } good || !pace.IsTime(claimed))
        {
            return true;
        }

        if (await fleets.GoodAsync(claimed.Source.Address, good.Id, cancellationToken) is not FleetReading.Good reading)
        {
            return true; // what is to be settled is not here to be read; what was said of it stays
        }

        var result = await settler.SettleAsync(claimed, new(reading.Fleet, good), null, [], cancellationToken);
        if (result is null)
        {
            return null;
        }

        await SayAsync(claimed, result, look, cancellationToken);
        return result.IsDone;
    }

    private Task SayAsync(SourceFinding? finding, FollowedSource source, Look look, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        ImmutableArray<Blocker> found = finding is null ? [] : SourceBlockers.Of(finding, source.Address, now);
        return blockers.ReplaceAsync(Commit, found, look, now, cancellationToken);
    }

    private Task SayAsync(ClaimedSource claimed, SettlingResult result, Look look, CancellationToken cancellationToken)
    {
        pace.Settled(claimed, result);
        return blockers.ReplaceAsync(Settling, result.Blockers, look, clock.GetUtcNow(), cancellationToken);
    }
}

/// <summary>How a round ended.</summary>
/// <param name="IsReached">Whether the repository answered.</param>
/// <param name="IsDone">Whether all was done that could be done; otherwise the next round is due at once.</param>
public sealed record RoundEnd(bool IsReached, bool IsDone);
