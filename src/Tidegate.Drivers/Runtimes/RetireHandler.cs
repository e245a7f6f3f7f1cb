using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Checkpoints;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Ingress;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>After a tenant has moved: the old generation goes with its last tenant, and the checkpoint of the move before with it. The newest checkpoint stays.</summary>
public sealed class RetireHandler(
    SiteLayout layout,
    GenerationRetirement retirement,
    GatewayClient gateway,
    SiteCheckpoints checkpoints
) : IStepHandler<Retire>
{
    public Task<StepOutcome> RunAsync(Retire step, StepContext context, CancellationToken cancellationToken) =>
        SiteStep.RunAsync(layout.Cluster, context, _ => RetireAsync(context, cancellationToken), cancellationToken);

    private async Task<StepOutcome> RetireAsync(StepContext context, CancellationToken cancellationToken)
    {
        var target = context.Target;
        try
        {
            await gateway.ReleaseAsync(target.Tenant, UpgradeHold.IdOf(context), context.Epoch, cancellationToken);
            var left = await retirement.LetGoAsync(context, target.From.Digest, cancellationToken);
            return await DropOlderAsync(context, cancellationToken) is { } busy
                ? new StepOutcome.Failed($"An older checkpoint of {target.Tenant} could not be dropped: {busy}.")
                : new StepOutcome.Done(left);
        }
        catch (GatewayRefusedException refused) when (refused.IsStale)
        {
            return new StepOutcome.Unknown(refused.Message);
        }
    }

    /// <summary>A tenant keeps one checkpoint: what it would return to from where it is now.</summary>
    private async Task<string?> DropOlderAsync(StepContext context, CancellationToken cancellationToken)
    {
        foreach (var checkpoint in await checkpoints.ListAsync(cancellationToken))
        {
            var isOlder = checkpoint.Tenant == context.Target.Tenant && checkpoint.Upgrade != context.Upgrade;
            if (isOlder && await checkpoints.DropAsync(checkpoint, context.Epoch, cancellationToken) is { } busy)
            {
                return busy;
            }
        }

        return null;
    }
}
