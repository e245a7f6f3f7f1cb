using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Ingress;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>Ends a generation that nobody needs: it serves no tenant, no route leads to it, no upgrade waits for it.</summary>
public sealed class GenerationRetirement(SiteLayout layout, GenerationRuntime runtime, GatewayClient gateway)
{
    /// <summary>The upgrade needs the generation no more; it ends if nobody else does.</summary>
    /// <returns>What became of it, for people.</returns>
    public Task<string> LetGoAsync(StepContext context, ReleaseDigest digest, CancellationToken cancellationToken)
    {
        new GenerationFolder(layout, context.Target.Pool, digest).LetGo(context.Upgrade);
        return EndIfUnusedAsync(context.Target.Pool, digest, cancellationToken);
    }

    private async Task<string> EndIfUnusedAsync(
        PoolName pool,
        ReleaseDigest digest,
        CancellationToken cancellationToken
    )
    {
        string? user = null;
        var ended = await runtime.StopIfAsync(
            pool,
            digest,
            async folder => (user = await UserOfAsync(folder, cancellationToken)) is null,
            cancellationToken
        );
        if (!ended)
        {
            return $"generation {digest.Short} stays: {user ?? "it is wanted again"}";
        }

        return await new PoolRoles(layout.Cluster).DropGenerationAsync(pool, digest, cancellationToken)
            ? $"generation {digest.Short} and its role are gone"
            : $"generation {digest.Short} is gone; its role stays, since it may still connect to a tenant's database";
    }

    /// <summary>Who needs the generation; null when nobody does.</summary>
    private async Task<string?> UserOfAsync(GenerationFolder folder, CancellationToken cancellationToken)
    {
        var list = (await runtime.ListsAsync(folder.Pool, folder.Digest, cancellationToken)).Read();
        if (list.Web.Union(list.Cron) is { IsEmpty: false } served)
        {
            return $"it serves {string.Join(", ", served)}";
        }

        if (folder.IsClaimed)
        {
            return "another upgrade goes to it";
        }

        var name = TenantRouting.NameOf(folder.Pool, folder.Digest);
        var routed = (await gateway.ListAsync(cancellationToken)).FirstOrDefault(status =>
            string.Equals(status.Route.Generation, name, StringComparison.Ordinal)
        );
        return routed is null ? null : $"the gateway leads {routed.Tenant} to it";
    }
}
