using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Ingress;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>The whole of the way back's opening: the gateway's part first, then the old generation's scheduled jobs.</summary>
public sealed class ReopenTenantHandler(SiteLayout layout, GenerationRuntime runtime, ReopenHandler gateway)
    : IStepHandler<Reopen>
{
    public Task<StepOutcome> RunAsync(Reopen step, StepContext context, CancellationToken cancellationToken) =>
        SiteStep.RunAsync(
            layout.Cluster,
            context,
            async session =>
            {
                var reopened = await gateway.RunAsync(step, context, cancellationToken);
                if (reopened is StepOutcome.Done)
                {
                    var target = context.Target;
                    var lists = await runtime.ListsAsync(target.Pool, target.From.Digest, cancellationToken);
                    await TenantCrons.HandOverAsync(session, lists, context, cancellationToken);
                }

                return reopened;
            },
            cancellationToken
        );
}
