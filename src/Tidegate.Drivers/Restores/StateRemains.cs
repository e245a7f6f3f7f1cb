using Tidegate.ControlPlane.Restores;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Recovery;
using Tidegate.Drivers.Sites;
using Tidegate.Drivers.TenantBackups;

namespace Tidegate.Drivers.Restores;

/// <summary>Removes what bringing a state needed, and the state itself when nobody has it. Nothing there is no error.</summary>
internal sealed class StateRemains(SiteLayout layout, SitePostgres site, SideClusters sides, StateFiles files)
{
    public async Task CleanUpAsync(StateOrder order, CancellationToken cancellationToken)
    {
        await sides.RemoveAsync(order.Job, cancellationToken);
        JobRemains.RemoveWork(layout, order.Job);
        await new StateDatabase(site, order).EndSessionsAsync(cancellationToken);
    }

    public async Task DropAsync(StateOrder order, CancellationToken cancellationToken)
    {
        await new StateDatabase(site, order).DropAsync(cancellationToken);
        files.Remove(order);
    }
}
