using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Refreshes;

/// <summary>Begins the rollout that puts a copy in the place of a staging tenant's database.</summary>
public sealed class RefreshRollouts(
    RestoreStore restores,
    IRolloutStore rollouts,
    StagingCopies copies,
    TimeProvider clock
)
{
    public Task<bool> IsStartedAsync(RolloutId rollout, CancellationToken cancellationToken) =>
        restores.IsStartedAsync(rollout, cancellationToken);

    /// <summary>The copy is known before it serves anybody.</summary>
    /// <exception cref="JobFailedException">Something is in the way; what was brought is then removed with the job.</exception>
    public async Task StartAsync(
        RolloutId rollout,
        StagedPair pair,
        MadeCopy made,
        ClaimedJob claimed,
        CancellationToken cancellationToken
    )
    {
        await copies.RecordAsync(pair, made.Bytes, claimed, cancellationToken);
        var pool = pair.Target.Pool;
        var started = await rollouts.StartAsync(
            new NewRollout(
                rollout,
                RefreshPlanner.Plan(pair.Target, made.State.Source, made.Release),
                new Dictionary<PoolName, SiteName> { [pool.Name] = pool.Site },
                claimed.Actor,
                claimed.Reason,
                Supersede: false,
                clock.GetUtcNow()
            )
            {
                Kind = RolloutKind.Refresh,
                IsAutomatic = claimed.Reason is StagingLoop.Due,
            },
            cancellationToken
        );
        if (started is StartRolloutResult.Refused refused)
        {
            throw new JobFailedException($"{refused.Reason} The copy is removed; order it again.");
        }
    }
}
