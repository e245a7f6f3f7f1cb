using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Drift;

/// <summary>What came of starting healings.</summary>
public sealed record StartedHealings(ImmutableArray<StartedHealing> Healings, ImmutableArray<Unhealed> Left);

/// <summary>A healing that is under way.</summary>
public sealed record StartedHealing(RolloutId Id, RolloutPlan Plan);

/// <summary>Starts healings of what is known to differ: because a person says so, or an environment's policy does.</summary>
public sealed class HealingDesk(
    DriftStore store,
    FleetStore fleet,
    LastActStore acts,
    EnvironmentTermsStore terms,
    IRolloutStore rollouts,
    DriftOptions options,
    TimeProvider clock
)
{
    /// <summary>Heals what a person asks for, whatever the policy says.</summary>
    public async Task<StartedHealings> StartAsync(
        DriftFilter filter,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    ) =>
        await StartAsync(
            [.. (await store.ReadAsync(filter, cancellationToken)).Select(stored => stored.Difference)],
            actor,
            reason,
            cancellationToken
        );

    /// <summary>Heals what was changed by hand where the policies of a site's environments say so. A tenant that was healed a moment ago is not healed again.</summary>
    public async Task<StartedHealings> StartByPolicyAsync(
        SiteName site,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var heals = (await terms.ListAsync(cancellationToken))
            .Where(environment => environment.Policy.Drift is DriftMode.Heal)
            .Select(environment => environment.Environment)
            .ToHashSet();
        if (heals.Count == 0)
        {
            return new([], []);
        }

        var found = (await store.ReadAsync(new(Site: site), cancellationToken))
            .Select(stored => stored.Difference)
            .Where(difference =>
                difference is { Code.IsHealable: true, Cause: DriftCause.Manual }
                && difference.Environment is { } environment
                && heals.Contains(environment)
            )
            .ToList();
        if (found.Count == 0)
        {
            return new([], []);
        }

        return await StartAsync(
            await WithoutRecentAsync(found, cancellationToken),
            actor,
            "the policy heals drift",
            cancellationToken
        );
    }

    private async Task<StartedHealings> StartAsync(
        List<Difference> differences,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    )
    {
        if (differences.Count == 0)
        {
            return new([], []);
        }

        var members = await fleet.ListAsync(null, cancellationToken);
        var open = await acts.OpenAsync(cancellationToken);
        var plan = HealingPlanner.Plan(differences, members, open.Select(upgrade => upgrade.Tenant).ToHashSet());
        var sites = members
            .Select(member => member.Pool)
            .DistinctBy(pool => pool.Name)
            .ToDictionary(pool => pool.Name, pool => pool.Site);
        var (started, left) = (new List<StartedHealing>(), plan.Left.ToList());
        foreach (var healing in plan.Plans)
        {
            var rollout = new NewRollout(
                RolloutId.NewHealing(clock),
                healing,
                sites,
                actor,
                reason,
                Supersede: false,
                clock.GetUtcNow()
            )
            {
                Kind = RolloutKind.Healing,
            };
            switch (await rollouts.StartAsync(rollout, cancellationToken))
            {
                case StartRolloutResult.Started:
                    started.Add(new(rollout.Id, healing));
                    break;
                case StartRolloutResult.Refused refused:
                    left.AddRange(Busy(healing, differences, refused.Reason));
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }

        return new([.. started], [.. left]);
    }

    /// <summary>A rollout has begun on one of them since the plan was made.</summary>
    private static IEnumerable<Unhealed> Busy(RolloutPlan healing, List<Difference> differences, string reason)
    {
        var subjects = healing.Waves[0].Tenants.Select(plan => DriftSubject.Of(plan.Target.Tenant)).ToHashSet();
        return differences
            .Where(difference => subjects.Contains(difference.Subject))
            .Select(difference => new Unhealed(difference.Subject, difference.Code, reason, IsWaiting: true));
    }

    private async Task<List<Difference>> WithoutRecentAsync(
        List<Difference> differences,
        CancellationToken cancellationToken
    )
    {
        var members = await fleet.ListAsync(null, cancellationToken);
        var recent = (await acts.LastAsync(members.Select(member => member.Tenant.Name), cancellationToken))
            .Where(act => act.Value.IsHealing && clock.GetUtcNow() - act.Value.At < options.Pause)
            .Select(act => act.Key)
            .ToHashSet();
        var subjects = members
            .Where(member => recent.Contains(member.Tenant.Name))
            .SelectMany(member =>
                new[] { DriftSubject.Of(member.Tenant.Name), DriftSubject.Of(member.Pool.Name, member.Tenant.Release) }
            )
            .ToHashSet();
        return [.. differences.Where(difference => !subjects.Contains(difference.Subject))];
    }
}
