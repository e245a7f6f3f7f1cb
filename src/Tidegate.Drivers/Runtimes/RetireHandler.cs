using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Ingress;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>After a tenant has moved: the old generation goes with its last tenant. The checkpoint stays.</summary>
public sealed class RetireHandler(SiteLayout layout, GenerationRetirement retirement, GatewayClient gateway)
    : IStepHandler<Retire>
{
    public Task<StepOutcome> RunAsync(Retire step, StepContext context, CancellationToken cancellationToken) =>
        SiteStep.RunAsync(layout.Cluster, context, _ => RetireAsync(context, cancellationToken), cancellationToken);

    private async Task<StepOutcome> RetireAsync(StepContext context, CancellationToken cancellationToken)
    {
        var target = context.Target;
        try
        {
            await gateway.ReleaseAsync(target.Tenant, UpgradeHold.IdOf(context), context.Epoch, cancellationToken);
            return new StepOutcome.Done(await retirement.LetGoAsync(context, target.From.Digest, cancellationToken));
        }
        catch (GatewayRefusedException refused) when (refused.IsStale)
        {
            return new StepOutcome.Unknown(refused.Message);
        }
    }
}
