namespace Tidegate.ControlPlane.Rollouts;

/// <summary>What outside the control plane lives by an upgrade's lease: the gateway's hold.</summary>
public interface IUpgradeLease
{
    /// <summary>Called before each step of an upgrade and while it runs, more often than a lease lasts. Must not fail when there is nothing to renew.</summary>
    Task RenewAsync(StepContext context, CancellationToken cancellationToken);
}
