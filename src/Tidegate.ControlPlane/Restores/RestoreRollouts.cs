using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Restores;

/// <summary>Begins the rollout that puts a state in its tenant's place.</summary>
public sealed class RestoreRollouts(RestoreStore store, IRolloutStore rollouts, TimeProvider clock)
{
    /// <summary>The release that the state belongs to, and the rollout that knows its journeys.</summary>
    /// <exception cref="JobFailedException">It cannot be told.</exception>
    public async Task<(ReleaseRef Release, RolloutId? Baseline)> ReleaseAsync(
        FleetMember member,
        PreparedState state,
        CancellationToken cancellationToken
    )
    {
        if ((state.Arrived ?? state.Left) is not { } change)
        {
            return (member.Release, null);
        }

        var known =
            await store.FindAsync(change.Upgrade, cancellationToken)
            ?? throw new JobFailedException(
                $"the state of {member.Tenant.Name} is from before or after upgrade {change.Upgrade}, which this control plane does not know: it cannot tell its release."
            );
        // Arrived by an upgrade it has what that brought; back from it, or before it, what that came from.
        var isNew = state.Arrived is { IsBack: false } || (state.Arrived is null && change.IsBack);
        return isNew ? (known.To, null) : (known.From, known.Rollout);
    }

    /// <exception cref="JobFailedException">Something is in the way; what was brought is then removed with the job.</exception>
    public async Task StartAsync(
        RolloutId rollout,
        FleetMember member,
        RestoreOrder order,
        ClaimedJob claimed,
        CancellationToken cancellationToken
    )
    {
        var started = await rollouts.StartAsync(
            new NewRollout(
                rollout,
                RestorePlanner.Plan(member, order),
                new Dictionary<PoolName, SiteName> { [member.Pool.Name] = member.Pool.Site },
                claimed.Actor,
                claimed.Reason,
                Supersede: false,
                clock.GetUtcNow()
            )
            {
                Kind = RolloutKind.Restore,
            },
            cancellationToken
        );
        if (started is StartRolloutResult.Refused refused)
        {
            throw new JobFailedException($"{refused.Reason} The state that was restored is removed; order it again.");
        }
    }
}
