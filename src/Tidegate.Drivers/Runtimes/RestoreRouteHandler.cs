using Tidegate.Contracts.Gateway;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Ingress;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>Leads a tenant's requests and scheduled jobs to its serving generation and tells every other one of its pool to leave it alone.</summary>
public sealed class RestoreRouteHandler(
    SiteLayout layout,
    GenerationRuntime runtime,
    TenantRouting routing,
    GatewayClient gateway
) : IStepHandler<RestoreRoute>
{
    public Task<StepOutcome> RunAsync(RestoreRoute step, StepContext context, CancellationToken cancellationToken) =>
        SiteStep.RunAsync(
            layout.Cluster,
            context,
            session => RestoreAsync(session, context, cancellationToken),
            cancellationToken
        );

    private async Task<StepOutcome> RestoreAsync(
        FencedSession session,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var target = context.Target;
        try
        {
            // Its own list first: at no moment is the tenant served by nobody. Each list is written anew, so that what
            // somebody else put into the file goes with it.
            var own = await runtime.ListsAsync(target.Pool, target.To.Digest, cancellationToken);
            await TenantCrons.HandOverAsync(session, own, context, cancellationToken);
            await routing.OpenAsync(context, target.To, cancellationToken);
            foreach (var other in Others(target))
            {
                var lists = await runtime.ListsAsync(target.Pool, other.Digest, cancellationToken);
                lists.Set(target, Service.None, context.Epoch);
            }

            await ReleaseLapsedAsync(context, cancellationToken);
            return new StepOutcome.Done(
                $"{target.Tenant} is led to {GenerationName.Of(target.Pool, target.To.Digest)} and served by it alone"
            );
        }
        catch (GatewayRefusedException refused) when (refused.IsStale)
        {
            return new StepOutcome.Unknown(refused.Message);
        }
    }

    private IEnumerable<GenerationFolder> Others(UpgradeTarget target) =>
        GenerationFolder
            .AllWanted(layout)
            .Where(folder => folder.Pool == target.Pool && folder.Digest != target.To.Digest);

    /// <summary>A hold that became the maintenance page and that no upgrade renews any more.</summary>
    private async Task ReleaseLapsedAsync(StepContext context, CancellationToken cancellationToken)
    {
        var tenant = context.Target.Tenant;
        var status = await gateway.FindAsync(tenant, cancellationToken);
        if (status is { State: GateState.Maintenance, Hold: { } hold })
        {
            await gateway.ReleaseAsync(tenant, hold, context.Epoch, cancellationToken);
        }
    }
}
