using Tidegate.Contracts.Rehearsals;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Rehearsals;

/// <summary>What came of asking for rehearsals.</summary>
public abstract record RehearsalOrder
{
    private RehearsalOrder() { }

    public sealed record Ordered(IReadOnlyList<OrderedRehearsal> Rehearsals) : RehearsalOrder;

    public sealed record Unknown(string What, string Next) : RehearsalOrder;

    public sealed record Refused(string What, string Next) : RehearsalOrder;
}

/// <summary>Orders rehearsals of exactly what a rollout would do now: the plan is asked, and its targets are taken.</summary>
public sealed class RehearsalDesk(RolloutDesk plans, FleetStore fleet, JobStore jobs)
{
    private const string Tenants = "tidegate tenant list shows those there are.";

    public async Task<RehearsalOrder> OrderAsync(
        OrderRehearsals wanted,
        string actor,
        CancellationToken cancellationToken
    )
    {
        if (await EnvironmentAsync(wanted, cancellationToken) is not { } environment)
        {
            return new RehearsalOrder.Unknown($"there is no tenant \"{wanted.Tenant}\".", Tenants);
        }

        return await plans.PlanAsync(new PlanRollout(wanted.Release, environment.Value), cancellationToken) switch
        {
            PlanResult.UnknownName unknown => new RehearsalOrder.Unknown(unknown.What, unknown.Next),
            PlanResult.Invalid invalid => new RehearsalOrder.Refused(invalid.What, "see tidegate rollout plan."),
            PlanResult.Blocked blocked => new RehearsalOrder.Refused(blocked.What, blocked.Next),
            PlanResult.Planned { Plan: var plan } => wanted.Tenant is { } tenant
                ? await OfTenantAsync(plan, new TenantName(tenant), wanted, actor, cancellationToken)
                : await OfWaveAsync(plan, wanted, actor, cancellationToken),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private async Task<EnvironmentName?> EnvironmentAsync(OrderRehearsals wanted, CancellationToken cancellationToken)
    {
        if (wanted.Environment is { } named)
        {
            return new EnvironmentName(named);
        }

        return await fleet.FindAsync([new TenantName(wanted.Tenant!)], cancellationToken) is [var member]
            ? member.Pool.Environment
            : null;
    }

    private async Task<RehearsalOrder> OfTenantAsync(
        RolloutPlan plan,
        TenantName tenant,
        OrderRehearsals wanted,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var planned = plan.Waves.SelectMany(wave => wave.Tenants).Where(each => each.Target.Tenant == tenant).ToList();
        if (planned.Count > 0)
        {
            return await OrderAsync(planned, wanted, actor, cancellationToken);
        }

        return plan.Excluded.FirstOrDefault(exclusion => exclusion.Tenant == tenant) is { } excluded
            ? new RehearsalOrder.Refused(
                $"{tenant} cannot take {wanted.Release}: {excluded.Reason}",
                "tidegate rollout plan shows every tenant and why it is left alone."
            )
            : new RehearsalOrder.Unknown($"there is no tenant \"{tenant}\" in {plan.Environment}.", Tenants);
    }

    private async Task<RehearsalOrder> OfWaveAsync(
        RolloutPlan plan,
        OrderRehearsals wanted,
        string actor,
        CancellationToken cancellationToken
    ) =>
        plan.Waves.FirstOrDefault(wave => wave.Number == wanted.Wave) is { } wave
            ? await OrderAsync(wave.Tenants, wanted, actor, cancellationToken)
            : new RehearsalOrder.Unknown(
                $"the plan of {wanted.Release} for {plan.Environment} has {plan.Waves.Length} waves, and no wave {wanted.Wave}.",
                "tidegate rollout plan shows them."
            );

    private async Task<RehearsalOrder> OrderAsync(
        IReadOnlyList<TenantPlan> planned,
        OrderRehearsals wanted,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var sites = (await fleet.FindAsync(planned.Select(each => each.Target.Tenant), cancellationToken)).ToDictionary(
            member => member.Tenant.Name,
            member => member.Pool.Site
        );
        var ordered = new List<OrderedRehearsal>();
        foreach (var target in planned.Select(each => each.Target))
        {
            var job = await jobs.OrderAsync(
                RehearseTenant.Kind,
                new JobOrder<RehearseTenant>(
                    sites[target.Tenant],
                    target.Tenant.Value,
                    new(target, [.. wanted.Accepted ?? []]),
                    actor,
                    wanted.Reason,
                    RehearseTenant.Lane,
                    $"rehearsal:{target.Tenant}:{target.To.Digest}"
                ),
                cancellationToken
            );
            ordered.Add(new(target.Tenant.Value, job.Value));
        }

        return new RehearsalOrder.Ordered(ordered);
    }
}
