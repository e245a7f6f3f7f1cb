using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Odoo;

/// <summary>Makes the checkpoint's filestore while the shop is still open: nothing in it waits for the hold.</summary>
internal sealed class LinkFilestoreHandler(SiteLayout layout) : IStepHandler<LinkFilestore>
{
    /// <summary>Under the step's epoch like every other: an old control plane would make the folder again that a way back has removed.</summary>
    public Task<StepOutcome> RunAsync(LinkFilestore step, StepContext context, CancellationToken cancellationToken) =>
        SiteStep.RunAsync(layout.Cluster, context, _ => LinkAsync(context, cancellationToken), cancellationToken);

    private async Task<StepOutcome> LinkAsync(StepContext context, CancellationToken cancellationToken)
    {
        try
        {
            return new StepOutcome.Done(
                await CheckpointFilestore.BuildAsync(layout, context, cancellationToken)
                    ? "the filestore is linked into the checkpoint"
                    : "the filestore was linked already"
            );
        }
        catch (IOException failure)
        {
            // A full disk or a filestore on another file system: the tenant must not begin without its checkpoint.
            return new StepOutcome.Failed(failure.Message);
        }
    }
}
