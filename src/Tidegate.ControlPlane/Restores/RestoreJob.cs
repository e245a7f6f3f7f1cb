using System.Text.Json.Serialization;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Restores;

/// <summary>Brings a state of one tenant beside its live database, and begins the rollout that puts it in its place.</summary>
/// <param name="Into">The name of the database that it becomes, for looking at; null when it is to take the tenant's place.</param>
/// <param name="AsIs">With <paramref name="Into"/>: it is not neutralised.</param>
public sealed record RestoreJob(
    TenantName Tenant,
    PoolName Pool,
    string Database,
    RestoreTarget Target,
    string? Into,
    LossAcceptance Accepted,
    bool AsIs = false
)
{
    public static readonly JobKind<RestoreJob, RestoredState> Kind = new("restore");

    /// <summary>How the ids of ways back begin, and so their folders of evidence.</summary>
    public const string RolloutPrefix = "w-";

    public static string Lane(TenantName tenant) => $"tenant:{tenant}";

    /// <summary>The rollout that a job begins. Derived, so that a job that is done twice begins one.</summary>
    public static RolloutId RolloutOf(JobId job) => new($"{RolloutPrefix}{job.Value[2..]}");
}

/// <summary>What came of a restore's first half.</summary>
/// <param name="Database">The database that holds the state.</param>
/// <param name="Release">The release that it belongs to.</param>
/// <param name="Point">The instant that it is of.</param>
/// <param name="Rollout">The rollout that puts it in the tenant's place; null when it is only to be looked at.</param>
/// <param name="What">One sentence for people.</param>
public sealed record RestoredState(
    string Database,
    string Release,
    DateTimeOffset Point,
    RolloutId? Rollout,
    string What
)
{
    /// <summary>How long bringing it took; null when nothing had to be brought.</summary>
    public StateTimes? Times { get; init; }

    /// <summary>What bringing it showed of the backup; null when it showed nothing of one, or nobody looked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RestoreCheck? Check { get; init; }
}

/// <summary>A backup was restored, and all that came back was looked at and is right.</summary>
/// <param name="At">When it had been looked at.</param>
/// <param name="Seconds">From the beginning until then.</param>
/// <param name="Tables">Compared row by row.</param>
/// <param name="Files">Verified by their sha1.</param>
public sealed record RestoreCheck(DateTimeOffset At, double Seconds, int Tables, long Files);

/// <summary>Does it on the tenant's own site.</summary>
public sealed class RestoreJobHandler(
    ISiteRestores site,
    RestoreStore store,
    FleetStore fleet,
    RestoreRollouts rollouts,
    RestoredCopies copies
) : JobHandler<RestoreJob, RestoredState>(RestoreJob.Kind)
{
    protected override async Task<RestoredState> RunAsync(
        RestoreJob job,
        ClaimedJob claimed,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        // Ended before it could say so: the rollout has the state by now, and another would be a second way back.
        if (
            context.Kept<RestoredState>() is { Rollout: { } begun } known
            && await store.IsStartedAsync(begun, cancellationToken)
        )
        {
            return known;
        }

        var order = Order(job, claimed);
        var state = await site.PrepareAsync(order, context.ReportAsync, cancellationToken);
        var member =
            (await fleet.FindAsync([job.Tenant], cancellationToken)).SingleOrDefault()
            ?? throw new JobFailedException($"there is no tenant {job.Tenant} any more; nothing was changed.");
        var (release, baseline) = await rollouts.ReleaseAsync(member, state, cancellationToken);
        var rollout = job.Into is null ? RestoreJob.RolloutOf(claimed.Id) : (RolloutId?)null;
        var restored = new RestoredState(
            job.Into ?? state.Source.Database,
            release.Name,
            state.Since.Point,
            rollout,
            state.What
        )
        {
            Times = state.Times,
        };
        if (rollout is not { } id)
        {
            await context.ReportAsync(new("keeping it beside the tenant"), cancellationToken);
            var kept = await copies.KeepAsync(order, state, release.Digest, claimed, cancellationToken);
            return restored with { What = $"{state.What}; {kept}" };
        }

        await context.KeepAsync(restored, cancellationToken);
        await rollouts.StartAsync(
            id,
            member,
            new(state.Source, release, state.Since, job.Accepted, baseline),
            claimed,
            cancellationToken
        );
        return restored;
    }

    protected override async Task CleanUpAsync(RestoreJob job, ClaimedJob claimed, CancellationToken cancellationToken)
    {
        var order = Order(job, claimed);
        await site.CleanUpAsync(order, cancellationToken);
        if (!await store.IsTakenAsync(claimed.Id, cancellationToken))
        {
            await site.DropAsync(order, cancellationToken);
            await copies.ForgetAsync(order, claimed, cancellationToken);
        }
    }

    private static StateOrder Order(RestoreJob job, ClaimedJob claimed) =>
        new(claimed.Id, claimed.Epoch, job.Tenant, job.Pool, job.Database, job.Target, job.Into, job.AsIs);
}
