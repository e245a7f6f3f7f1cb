using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Ingress;

/// <summary>Watches a tenant after opening for the plan's time; waiting holds no thread.</summary>
public sealed class BakeHandler : IStepHandler<Bake>
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public Task<StepOutcome> RunAsync(Bake step, StepContext context, CancellationToken cancellationToken)
    {
        var left = context.StartedAt + step.Duration - context.Now;
        return Task.FromResult<StepOutcome>(
            left > TimeSpan.Zero
                ? new StepOutcome.NotYet(
                    left < Longest ? left : Longest,
                    $"baking for {step.Duration.TotalSeconds:0} s"
                )
                : new StepOutcome.Done($"baked for {step.Duration.TotalSeconds:0} s")
        );
    }
}
