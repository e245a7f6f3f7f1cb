using Tidegate.Contracts.Gateway;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Ingress;

/// <summary>Keeps an upgrade's hold alive while its steps run. Where no hold of the upgrade is on, it does nothing.</summary>
public sealed class GatewayUpgradeLease(GatewayClient gateway) : IUpgradeLease
{
    /// <summary>Renews. A gateway that is down or refuses is no reason to stop: the step that needs it will say what is wrong.</summary>
    public async Task RenewAsync(StepContext context, CancellationToken cancellationToken)
    {
        try
        {
            await gateway.RenewAsync(
                context.Target.Tenant,
                UpgradeHold.IdOf(context),
                new LeaseRenewal(context.Epoch, UpgradeHold.Lease.TotalSeconds),
                cancellationToken
            );
        }
        catch (HttpRequestException)
        {
            // Not answered: the gateway restarts, and the hold comes back as the maintenance page.
        }
        catch (TaskCanceledException late) when (late.InnerException is TimeoutException)
        {
            // Not answered in time: it is frozen, or the machine is.
        }
        catch (GatewayRefusedException)
        {
            // Unknown tenant, or an old epoch: every effect checks the epoch again by itself.
        }
    }
}
