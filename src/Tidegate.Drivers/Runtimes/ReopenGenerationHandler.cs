using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Ingress;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>The way back of a restart: whoever it still holds is let go. What runs is the supervisor's.</summary>
public sealed class ReopenGenerationHandler(SiteLayout layout, GenerationHold hold) : IStepHandler<ReopenGeneration>
{
    public Task<StepOutcome> RunAsync(
        ReopenGeneration step,
        StepContext context,
        CancellationToken cancellationToken
    ) =>
        SiteStep.RunAsync(
            layout.Cluster,
            context,
            async _ =>
            {
                try
                {
                    var waited = await hold.EndAsync(null, ports: null, context, cancellationToken);
                    return new StepOutcome.Done($"nobody is held by this healing; {waited} requests had waited");
                }
                catch (GatewayRefusedException refused) when (refused.IsStale)
                {
                    return new StepOutcome.Unknown(refused.Message);
                }
            },
            cancellationToken
        );
}
