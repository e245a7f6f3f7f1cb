using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Ingress;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>
/// The tenant's users go to the new generation, those who waited first; then its scheduled jobs run there. Every part
/// may be repeated, and once it has begun it is only ever finished.
/// </summary>
public sealed class OpenHandler(SiteLayout layout, GenerationRuntime runtime, TenantRouting routing)
    : IStepHandler<Open>
{
    private readonly TenantAccess _access = new(layout.Cluster);

    public Task<StepOutcome> RunAsync(Open step, StepContext context, CancellationToken cancellationToken) =>
        SiteStep.RunAsync(
            layout.Cluster,
            context,
            session => OpenAsync(session, context, cancellationToken),
            cancellationToken
        );

    private async Task<StepOutcome> OpenAsync(
        FencedSession session,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var target = context.Target;
        try
        {
            var status = await routing.OpenAsync(context, target.To, cancellationToken);
            var lists = await runtime.ListsAsync(target.Pool, target.To.Digest, cancellationToken);
            await TenantCrons.HandOverAsync(session, lists, context, cancellationToken);
            if (target.From.Digest != target.To.Digest)
            {
                var old = await runtime.ListsAsync(target.Pool, target.From.Digest, cancellationToken);
                old.Set(target, Service.None, context.Epoch);
            }

            await _access.GiveToOthersAsync(context, cancellationToken);
            new GenerationFolder(layout, target.Pool, target.To.Digest).LetGo(context.Upgrade);
            return new StepOutcome.Done(
                $"{target.Tenant} is open on {target.To.Name}; {status.Held} requests had waited"
            );
        }
        catch (GatewayRefusedException refused) when (refused.IsStale)
        {
            return new StepOutcome.Unknown(refused.Message);
        }
    }
}
