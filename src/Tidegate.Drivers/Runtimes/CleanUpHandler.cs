using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>After the way back: the new generation goes unless others are on it, and so do the checkpoint's links.</summary>
public sealed class CleanUpHandler(SiteLayout layout, GenerationRuntime runtime, GenerationRetirement retirement)
    : IStepHandler<CleanUp>
{
    public Task<StepOutcome> RunAsync(CleanUp step, StepContext context, CancellationToken cancellationToken) =>
        SiteStep.RunAsync(layout.Cluster, context, _ => CleanUpAsync(context, cancellationToken), cancellationToken);

    private async Task<StepOutcome> CleanUpAsync(StepContext context, CancellationToken cancellationToken)
    {
        var target = context.Target;
        var lists = await runtime.ListsAsync(target.Pool, target.To.Digest, cancellationToken);
        lists.Set(target, Service.None, context.Epoch);
        var left = await retirement.LetGoAsync(context, target.To.Digest, cancellationToken);
        var checkpoint = layout.Checkpoint(context.Upgrade);
        if (Directory.Exists(checkpoint))
        {
            Directory.Delete(checkpoint, recursive: true);
        }

        return new StepOutcome.Done($"nothing of the attempt is left; {left}");
    }
}
