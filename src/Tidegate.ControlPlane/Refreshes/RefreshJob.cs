using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Refreshes;

/// <summary>Makes a harmless, masked copy of one tenant out of a backup, and begins the rollout that puts it in the place of a staging tenant's database.</summary>
/// <param name="Tenant">Whose database is replaced.</param>
/// <param name="Source">Whose backup it is.</param>
/// <param name="IsConfirmed">A person has said so, whatever the database is and whatever release it is on.</param>
public sealed record RefreshJob(StatePlace Tenant, StatePlace Source, RestoreTarget Target, bool IsConfirmed)
{
    public static readonly JobKind<RefreshJob, RestoredState> Kind = new("refresh");

    /// <summary>How the ids of refreshes' rollouts begin.</summary>
    public const string RolloutPrefix = "s-";

    /// <summary>The rollout that a job begins. Derived, so that a job that is done twice begins one.</summary>
    public static RolloutId RolloutOf(JobId job) => new($"{RolloutPrefix}{job.Value[2..]}");

    /// <summary>Beside nothing else of the source: its backups are not thinned out meanwhile.</summary>
    public static JobOrder<RefreshJob> Order(SiteName site, RefreshJob job, string actor, string? reason) =>
        new(site, job.Tenant.Tenant.Value, job, actor, reason)
        {
            Lane = RestoreJob.Lane(job.Source.Tenant),
            Key = $"{Kind.Name}:{job.Tenant.Tenant}",
        };

    public StateOrder StateOrder(ClaimedJob claimed) =>
        new(claimed.Id, claimed.Epoch, Source.Tenant, Source.Pool, Source.Database, Target, Into: null)
        {
            Becomes = Tenant,
        };
}

/// <summary>Does it on the site of both.</summary>
public sealed class RefreshJobHandler(StagingReader reader, RefreshedStates states, RefreshRollouts rollouts)
    : JobHandler<RefreshJob, RestoredState>(RefreshJob.Kind)
{
    protected override async Task<RestoredState> RunAsync(
        RefreshJob job,
        ClaimedJob claimed,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        // Ended before it could say so: the rollout has the copy by now.
        if (
            context.Kept<RestoredState>() is { } known
            && await rollouts.IsStartedAsync(RefreshJob.RolloutOf(claimed.Id), cancellationToken)
        )
        {
            return known;
        }

        var pair = await PairAsync(job, cancellationToken);
        var made = await states.MakeAsync(job, pair, claimed, context.ReportAsync, cancellationToken);
        // It took its time: git may say something else by now.
        pair = await PairAsync(job, cancellationToken);
        var rollout = RefreshJob.RolloutOf(claimed.Id);
        var restored = new RestoredState(
            job.Tenant.Database,
            made.Release.Name,
            made.State.Since.Point,
            rollout,
            $"{made.State.What}; {made.What}"
        )
        {
            Times = made.State.Times,
            Check = made.Check,
        };
        await context.KeepAsync(restored, cancellationToken);
        await rollouts.StartAsync(rollout, pair, made, claimed, cancellationToken);
        return restored;
    }

    protected override async Task CleanUpAsync(RefreshJob job, ClaimedJob claimed, CancellationToken cancellationToken)
    {
        var isTaken = await rollouts.IsStartedAsync(RefreshJob.RolloutOf(claimed.Id), cancellationToken);
        await states.CleanUpAsync(job.StateOrder(claimed), isTaken, cancellationToken);
    }

    /// <exception cref="JobFailedException">It is no copy of that source any more, may not be one, or is worked on.</exception>
    private async Task<StagedPair> PairAsync(RefreshJob job, CancellationToken cancellationToken)
    {
        var (name, source) = (job.Tenant.Tenant, job.Source.Tenant);
        if (
            await reader.FindAsync(name, cancellationToken) is not { } pair
            || pair.Staging.Terms.Source != source
            || pair.Target.Tenant.Database != job.Tenant.Database
            || pair.Target.Tenant.Pool != job.Tenant.Pool
            || (pair.Source is { } found && found.Tenant.Database != job.Source.Database)
        )
        {
            throw new JobFailedException(
                $"git says something else of {name} and {source} by now; nothing was changed. Order it again: tidegate tenant refresh {name}"
            );
        }

        return (pair.Refusal ?? pair.BusyWith) is { } obstacle
            ? throw new JobFailedException(
                pair.Refusal is null ? $"{obstacle}; nothing was changed." : $"{name} {obstacle}; nothing was changed."
            )
            : pair;
    }
}
