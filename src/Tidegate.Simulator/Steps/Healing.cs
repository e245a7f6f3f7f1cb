using Tidegate.ControlPlane.Rollouts;
using Tidegate.Simulator.World;

namespace Tidegate.Simulator.Steps;

/// <summary>What a healing does: the tenant and its generation are what they should be again.</summary>
internal static class Healing
{
    public static async ValueTask<StepOutcome?> RestoreRightsAsync(RestoreRights step, StepContext context, Hands hands)
    {
        await hands.DoAsync(
            context,
            tenant =>
            {
                // One transaction.
                tenant.Live.Owner = SimulatedDatabase.SiteRole;
                tenant.Live.IsClosed = false;
                tenant.Live.Writers.Clear();
                tenant.Live.Writers.Add(context.Target.To.Digest);
            }
        );
        return null;
    }

    public static async ValueTask<StepOutcome?> RestoreRouteAsync(RestoreRoute step, StepContext context, Hands hands)
    {
        await hands.DoAsync(context, tenant => tenant.Cron = context.Target.To.Digest);
        await hands.DoAsync(context, tenant => hands.Site.SetRoute(tenant, context.Target.To.Digest));
        return null;
    }

    public static async ValueTask<StepOutcome?> RestartGenerationAsync(
        RestartGeneration step,
        StepContext context,
        Hands hands
    )
    {
        var (pool, release) = (context.Target.Pool, context.Target.To.Digest);
        await hands.LookAsync(context);
        if (hands.Site.IsChanged(pool, release))
        {
            foreach (var neighbour in hands.Site.ServedBy(pool, release))
            {
                await hands.DoAsync(context, _ => neighbour.Hold = context.Upgrade);
            }

            await hands.DoAsync(context, _ => hands.Site.Restart(pool, release));
        }

        await ReleaseAsync(context, hands);
        return null;
    }

    public static async ValueTask<StepOutcome?> ReopenGenerationAsync(
        ReopenGeneration step,
        StepContext context,
        Hands hands
    )
    {
        await ReleaseAsync(context, hands);
        return null;
    }

    /// <summary>Also what an attempt that was cut had held.</summary>
    private static async ValueTask ReleaseAsync(StepContext context, Hands hands)
    {
        foreach (var held in hands.Site.Tenants.Where(tenant => tenant.Hold == context.Upgrade).ToList())
        {
            await hands.DoAsync(context, _ => hands.Site.Release(held));
        }
    }
}
