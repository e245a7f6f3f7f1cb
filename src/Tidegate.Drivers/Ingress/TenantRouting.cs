using Tidegate.Contracts.Gateway;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Runtimes;

namespace Tidegate.Drivers.Ingress;

/// <summary>Leads a tenant to a generation and lets its held requests go there, in the order they came.</summary>
public sealed class TenantRouting(GatewayClient gateway, IGenerationPorts ports)
{
    /// <summary>Names a generation in meters: pool and the beginning of the digest.</summary>
    public static string NameOf(PoolName pool, ReleaseDigest digest) => GenerationName.Of(pool, digest);

    /// <summary>
    /// Sets the route and releases the upgrade's hold. Twice is the same as once: a crash between the two leaves a held
    /// tenant with the right route, and the next run releases it.
    /// </summary>
    public async Task<GatewayTenantStatus> OpenAsync(
        StepContext context,
        ReleaseRef release,
        CancellationToken cancellationToken
    )
    {
        var target = context.Target;
        var generation =
            await ports.FindAsync(target.Pool, release.Digest, cancellationToken)
            ?? throw new InvalidOperationException(
                $"{target.Tenant} cannot be led to {release.Name}: pool {target.Pool} runs no generation of it"
            );
        var change = new RouteChange(
            context.Epoch,
            target.Hosts,
            target.Database,
            NameOf(target.Pool, release.Digest),
            generation.Http,
            generation.Evented
        );
        await gateway.RouteAsync(target.Tenant, change, cancellationToken);
        return await gateway.ReleaseAsync(target.Tenant, UpgradeHold.IdOf(context), context.Epoch, cancellationToken);
    }
}
