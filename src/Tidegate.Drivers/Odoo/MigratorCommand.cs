using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Odoo;

/// <summary>A release's own Odoo under its pool's migrator role: the command that <see cref="ProcessMigrator"/> adds its arguments to.</summary>
internal sealed class MigratorCommand(SiteLayout layout)
{
    /// <exception cref="ProcessStartException">The release is not on this site.</exception>
    public async Task<ProcessSpec> OfAsync(PoolName pool, ReleaseDigest release, CancellationToken cancellationToken)
    {
        var folder = new GenerationFolder(layout, pool, release);
        var tree = ReleaseTree.Find(layout, release);
        var user = await OsUser.EnsureAsync(OsUser.OfPool(pool), cancellationToken);
        var prepared = new OdooCommand(folder, tree, BridgeFiles.Install(layout), user?.Name).Migrator();
        return prepared with { Argv = [SystemPython.Path, tree.Executable, "--config", folder.MigratorConfiguration] };
    }
}
