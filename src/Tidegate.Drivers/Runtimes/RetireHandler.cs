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
    SiteCheckpoints checkpoints,
    RestoreSources sources
) : IStepHandler<Retire>
{
    public Task<StepOutcome> RunAsync(Retire step, StepContext context, CancellationToken cancellationToken) =>
        SiteStep.RunAsync(
            layout.Cluster,
            context,
            _ => RetireAsync(step, context, cancellationToken),
            cancellationToken
        );

    private async Task<StepOutcome> RetireAsync(Retire step, StepContext context, CancellationToken cancellationToken)
    {
        var target = context.Target;
        try
        {
            await gateway.ReleaseAsync(target.Tenant, UpgradeHold.IdOf(context), context.Epoch, cancellationToken);
            var left = await retirement.LetGoAsync(context, target.From.Digest, cancellationToken);
            if (step.Source is { } source)
            {
                await sources.ForgetAsync(source, context, cancellationToken);
                if (!step.DropsReplaced)
                {
                    return new StepOutcome.Done(left);
                }
            }

            return await DropAsync(step.DropsReplaced, context, cancellationToken) is { } busy
                ? new StepOutcome.Failed(
                    $"A checkpoint of {target.Tenant} that nobody needs could not be dropped: {busy}."
                )
                : new StepOutcome.Done(left);
        }
        catch (GatewayRefusedException refused) when (refused.IsStale)
        {
            return new StepOutcome.Unknown(refused.Message);
        }
    }

    /// <summary>A tenant keeps one checkpoint: what it would return to from where it is now. A copy that was replaced is none.</summary>
    private async Task<string?> DropAsync(bool isAll, StepContext context, CancellationToken cancellationToken)
    {
        foreach (var checkpoint in await checkpoints.ListAsync(cancellationToken))
        {
            var goes =
                checkpoint is { IsKept: false }
                && checkpoint.Tenant == context.Target.Tenant
                && (isAll || checkpoint.Upgrade != context.Upgrade);
            if (goes && await checkpoints.DropAsync(checkpoint, context.Epoch, cancellationToken) is { } busy)
            {
                return busy;
            }
        }

        return null;
    }
}
