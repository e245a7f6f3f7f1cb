using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Simulator.Steps;

/// <summary>From the swap to the end: the tenant comes to the new release.</summary>
internal static class Opening
{
    public static async ValueTask<StepOutcome?> WarmAsync(Warm step, StepContext context, Hands hands)
    {
        await hands.DoAsync(context, tenant => tenant.Live.Writers.Add(context.Target.To.Digest));
        await hands.DoAsync(context, tenant => tenant.Live.IsClosed = false);
        return null;
    }

    public static async ValueTask<StepOutcome?> VerifyAsync(Verify step, StepContext context, Hands hands)
    {
        await hands.LookAsync(context);
        return null;
    }

    public static async ValueTask<StepOutcome?> OpenAsync(Open step, StepContext context, Hands hands)
    {
        await hands.DoAsync(context, tenant => hands.Site.SetRoute(tenant, context.Target.To.Digest));
        await hands.DoAsync(context, hands.Site.Release);
        await hands.DoAsync(context, tenant => tenant.Cron = context.Target.To.Digest);
        return null;
    }

    public static async ValueTask<StepOutcome?> BakeAsync(Bake step, StepContext context, Hands hands)
    {
        await hands.LookAsync(context);
        var until = context.StartedAt + step.Duration;
        return context.Now < until ? new StepOutcome.NotYet(until - context.Now, "baking") : null;
    }

    public static async ValueTask<StepOutcome?> RetireAsync(Retire step, StepContext context, Hands hands)
    {
        var (from, to) = (context.Target.From.Digest, context.Target.To.Digest);
        await hands.DoAsync(context, tenant => hands.Site.LeaveGeneration(tenant.Pool, to, context.Upgrade));
        await hands.DoAsync(context, tenant => hands.Site.LeaveGeneration(tenant.Pool, from, context.Upgrade));
        return null;
    }
}
