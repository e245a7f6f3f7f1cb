using Tidegate.Contracts.Fleet;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Demo.Shops;

/// <summary>A shop's filestore.</summary>
internal static class ShopFiles
{
    /// <summary>Unpacks the template's pictures and assets as the shop's own, readable for the pool's user alone.</summary>
    public static async Task UnpackAsync(
        SiteLayout layout,
        TenantDocument tenant,
        string archive,
        CancellationToken cancellationToken
    )
    {
        var pool = new PoolName(tenant.Pool);
        var user = await OsUser.EnsureAsync(OsUser.OfPool(pool), cancellationToken);
        var filestore = layout.Filestore(pool, tenant.Database);
        Directory.CreateDirectory(filestore);
        await Tool.RunAsync("tar", ["-C", filestore, "-xf", archive], cancellationToken);
        if (user is not null)
        {
            // All of the data folder: Odoo makes folders beside the filestore.
            await Tool.RunAsync("chown", ["-R", $"{user.Name}:", layout.PoolData(pool)], cancellationToken);
        }
    }
}
