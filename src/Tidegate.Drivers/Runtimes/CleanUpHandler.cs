using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Odoo;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>After the way back: the new generation goes unless others are on it, and so do the checkpoint's links.</summary>
public sealed class CleanUpHandler(SiteLayout layout, GenerationRuntime runtime, GenerationRetirement retirement)
    : IStepHandler<CleanUp>
{
    /// <summary>In the evidence: the end of the log of the servers that the tenant went back from.</summary>
    public const string LogFile = "web.log";

    private const int LogKept = 1 << 20;

    public Task<StepOutcome> RunAsync(CleanUp step, StepContext context, CancellationToken cancellationToken) =>
        SiteStep.RunAsync(layout.Cluster, context, _ => CleanUpAsync(context, cancellationToken), cancellationToken);

    private async Task<StepOutcome> CleanUpAsync(StepContext context, CancellationToken cancellationToken)
    {
        var target = context.Target;
        if (target.From.Digest != target.To.Digest)
        {
            var lists = await runtime.ListsAsync(target.Pool, target.To.Digest, cancellationToken);
            lists.Set(target, Service.None, context.Epoch);
        }

        await KeepLogAsync(context, cancellationToken);
        var left = await retirement.LetGoAsync(context, target.To.Digest, cancellationToken);
        var checkpoint = layout.Checkpoint(context.Upgrade);
        if (Directory.Exists(checkpoint))
        {
            Directory.Delete(checkpoint, recursive: true);
        }

        return new StepOutcome.Done($"nothing of the attempt is left; {left}");
    }

    /// <summary>What the new release's servers said tells why it went back, and goes with the generation: its end is kept.</summary>
    private async Task KeepLogAsync(StepContext context, CancellationToken cancellationToken)
    {
        var (target, folder) = (
            context.Target,
            new GenerationFolder(layout, context.Target.Pool, context.Target.To.Digest)
        );
        // The pool's user may put anything in its place: a link is not followed.
        if (
            target.From.Digest == target.To.Digest
            || new FileInfo(folder.Log(folder.WebProcess)) is not { Exists: true, LinkTarget: null }
        )
        {
            return;
        }

        var evidence = new Evidence(
            layout.EvidenceOf(context.Rollout, target.Tenant),
            token => FencedSession.RefuseIfStaleAsync(layout.Cluster, target.Tenant, context.Epoch, token)
        );
        await evidence.CopyEndAsync(LogFile, folder.Log(folder.WebProcess), LogKept, cancellationToken);
    }
}
