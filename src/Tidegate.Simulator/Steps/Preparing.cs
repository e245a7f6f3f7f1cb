using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Simulator.Steps;

/// <summary>What happens before the tenant's database is touched.</summary>
internal static class Preparing
{
    public static async ValueTask<StepOutcome?> PreflightAsync(Preflight step, StepContext context, Hands hands)
    {
        var tenant = await hands.LookAsync(context);
        return tenant.Live.Schema == context.Target.From.Digest
            ? null
            : new StepOutcome.Failed($"{tenant.Name} does not run {context.Target.From.Name}");
    }

    public static async ValueTask<StepOutcome?> StartGenerationAsync(
        StartGeneration step,
        StepContext context,
        Hands hands
    )
    {
        await hands.DoAsync(
            context,
            tenant => hands.Site.StartGeneration(tenant.Pool, context.Target.To.Digest, context.Upgrade)
        );
        return null;
    }

    public static async ValueTask<StepOutcome?> BaselineAsync(Baseline step, StepContext context, Hands hands)
    {
        await hands.LookAsync(context);
        return null;
    }

    public static async ValueTask<StepOutcome?> LinkFilestoreAsync(LinkFilestore step, StepContext context, Hands hands)
    {
        await hands.DoAsync(context, tenant => tenant.Links.Add(context.Upgrade));
        return null;
    }

    public static async ValueTask<StepOutcome?> QuiesceAsync(Quiesce step, StepContext context, Hands hands)
    {
        await hands.DoAsync(context, tenant => tenant.Cron = null);
        return null;
    }

    public static async ValueTask<StepOutcome?> HoldAsync(Hold step, StepContext context, Hands hands)
    {
        await hands.DoAsync(context, tenant => tenant.Hold = context.Upgrade);
        return null;
    }
}
