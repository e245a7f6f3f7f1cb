using System.Globalization;
using Tidegate.ControlPlane.Copies;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Restores;

namespace Tidegate.ControlPlane.Refreshes;

/// <summary>A copy that waits to take a staging tenant's place.</summary>
/// <param name="Release">The release that it belongs to.</param>
/// <param name="Bytes">What it takes on disk, files and all.</param>
/// <param name="What">What was done to it, for people.</param>
public sealed record MadeCopy(PreparedState State, ReleaseRef Release, long Bytes, string What)
{
    /// <summary>What bringing it showed of the backup; null when it showed nothing.</summary>
    public RestoreCheck? Check { get; init; }
}

/// <summary>Brings a source's state beside the staging tenant's database and makes it a copy that acts on nobody and shows nobody.</summary>
public sealed class RefreshedStates(
    BroughtBackups backups,
    ISiteStaging site,
    RestoreRollouts rollouts,
    StagingReader reader,
    CopyRoom room
)
{
    /// <exception cref="JobFailedException">It cannot be brought or made harmless, may not be put there, or there is no room.</exception>
    public async Task<MadeCopy> MakeAsync(
        RefreshJob job,
        StagedPair pair,
        ClaimedJob claimed,
        Func<JobProgress, CancellationToken, Task> report,
        CancellationToken cancellationToken
    )
    {
        var order = job.StateOrder(claimed);
        await report(new("looking at what is replaced"), cancellationToken);
        var look = await site.LookAsync(order, cancellationToken);
        if (!look.IsNeutral && !job.IsConfirmed)
        {
            throw new JobFailedException(
                $"database {job.Tenant.Database} of {job.Tenant.Tenant} is not neutralised: it may be somebody's live shop, and it would be dropped. Nothing was changed; a person has to say so the first time: tidegate tenant refresh {job.Tenant.Tenant} --yes"
            );
        }

        if (await room.RefusalAsync(claimed.Site, look.SourceBytes, claimed.Actor, cancellationToken) is { } refusal)
        {
            throw new JobFailedException(refusal);
        }

        var (state, check) = await backups.BringAsync(order, report, cancellationToken);
        var (release, _) = await rollouts.ReleaseAsync(pair.Source!, state, cancellationToken);
        await RefuseReleaseAsync(job, pair, release, cancellationToken);
        await report(new("neutralising and masking"), cancellationToken);
        var made = await site.MakeAsync(
            order,
            new(release.Digest, pair.Target.Tenant.Hosts, pair.Target.Tenant.Profile, pair.Staging.Terms),
            cancellationToken
        );
        return new(state, release, made.Bytes, made.What) { Check = check };
    }

    /// <inheritdoc cref="BroughtBackups.CleanUpAsync" />
    public Task CleanUpAsync(StateOrder order, bool isTaken, CancellationToken cancellationToken) =>
        backups.CleanUpAsync(order, isTaken, cancellationToken);

    private async Task RefuseReleaseAsync(
        RefreshJob job,
        StagedPair pair,
        ReleaseRef release,
        CancellationToken cancellationToken
    )
    {
        var target = pair.Target.Release;
        if (await reader.SeriesRefusalAsync(target.Digest, release.Digest, cancellationToken) is { } series)
        {
            throw new JobFailedException($"{job.Tenant.Tenant} {series}; nothing was changed.");
        }

        if (release.Digest != target.Digest && !job.IsConfirmed)
        {
            throw new JobFailedException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{job.Target} of {job.Source.Tenant} is of release {release.Name}, and {job.Tenant.Tenant} runs {target.Name}: it would go back to that with its data. Nothing was changed; take a newer backup, or tidegate tenant refresh {job.Tenant.Tenant} --yes"
                )
            );
        }
    }
}
