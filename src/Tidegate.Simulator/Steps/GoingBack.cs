using Tidegate.ControlPlane.Rollouts;
using Tidegate.Simulator.World;

namespace Tidegate.Simulator.Steps;

/// <summary>The way back. Each step looks whether there is anything to undo, so the whole list is always safe to run.</summary>
internal static class GoingBack
{
    public static async ValueTask<StepOutcome?> SwapBackAsync(SwapBack step, StepContext context, Hands hands)
    {
        var tenant = await hands.LookAsync(context);
        if (!tenant.Swaps.ContainsKey(context.Upgrade))
        {
            return null;
        }

        await hands.DoAsync(context, tenant => tenant.Live.IsClosed = true);
        await hands.DoAsync(context, tenant => tenant.Live.Writers.Clear());
        await hands.DoAsync(
            context,
            tenant =>
            {
                // One transaction: both renames and the row.
                var old = Names.Old(tenant.Database, context.Upgrade);
                tenant.Databases[Names.Next(tenant.Database)] = tenant.Live;
                tenant.Databases[tenant.Database] = tenant.Databases[old];
                tenant.Databases.Remove(old);
                tenant.Swaps.Remove(context.Upgrade);
            }
        );
        return null;
    }

    public static async ValueTask<StepOutcome?> DropCopyAsync(DropCopy step, StepContext context, Hands hands)
    {
        await hands.DoAsync(context, tenant => tenant.Databases.Remove(Names.Next(tenant.Database)));
        return null;
    }

    public static async ValueTask<StepOutcome?> UnfenceAsync(Unfence step, StepContext context, Hands hands)
    {
        await hands.DoAsync(context, tenant => tenant.Live.Writers.Add(context.Target.From.Digest));
        await hands.DoAsync(context, tenant => tenant.Live.IsClosed = false);
        return null;
    }

    public static async ValueTask<StepOutcome?> ReopenAsync(Reopen step, StepContext context, Hands hands)
    {
        await hands.DoAsync(context, hands.Site.Release);
        await hands.DoAsync(context, tenant => tenant.Cron = context.Target.From.Digest);
        return null;
    }

    public static async ValueTask<StepOutcome?> CleanUpAsync(CleanUp step, StepContext context, Hands hands)
    {
        await hands.DoAsync(context, tenant => tenant.Links.Remove(context.Upgrade));
        await hands.DoAsync(
            context,
            tenant => hands.Site.LeaveGeneration(tenant.Pool, context.Target.To.Digest, context.Upgrade)
        );
        return null;
    }
}
