using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Databases;

/// <summary>How every step of this folder begins: a session under the step's epoch, or the answer that this control plane is old.</summary>
internal static class SiteStep
{
    public static async Task<StepOutcome> RunAsync(
        SitePostgres site,
        StepContext context,
        Func<FencedSession, Task<StepOutcome>> work,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var session = await FencedSession.OpenAsync(
                site,
                context.Target.Tenant,
                context.Epoch,
                cancellationToken
            );
            return await work(session);
        }
        catch (StaleEpochException stale)
        {
            return new StepOutcome.Unknown(stale.Message);
        }
    }
}
