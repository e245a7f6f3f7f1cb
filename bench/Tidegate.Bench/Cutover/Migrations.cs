using Tidegate.ControlPlane.Fleet;
using Tidegate.Demo.Shops;
using Tidegate.Drivers.Odoo;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Bench.Cutover;

/// <summary>Updates the shops' one module in bare copies, by either of the product's migrators.</summary>
internal sealed class Migrations(ShopSite site, ReleaseDigest release)
{
    private static readonly PoolName Pool = new(BenchSite.Shops[0].Pool);

    /// <summary>Forks of one process that has imported Odoo.</summary>
    public IMigrator Forked { get; } = new ForkMigrator(site.Layout);

    /// <summary><c>odoo -u … --stop-after-init</c>.</summary>
    public IMigrator OnItsOwn { get; } =
        new ProcessMigrator(
            new MigratorCommand(site.Layout).OfAsync,
            new ProcessLauncher(site.Layout.Home, site.Layout.Run, TimeProvider.System),
            TimeProvider.System
        );

    /// <exception cref="InvalidOperationException">It did not go well.</exception>
    public async Task RunAsync(IMigrator migrator, BareCopy copy, CancellationToken cancellationToken)
    {
        var files = JobFiles.Of(site.Layout, Pool, release, copy.Name);
        var request = new MigrationRequest(
            copy.Name,
            new TenantName(BenchSite.Shops[0].Name),
            copy.Name,
            ["shop_suite"],
            Epoch: 1,
            files
        );
        if (await migrator.MigrateAsync(request, cancellationToken) is { IsClean: false } failed)
        {
            throw new InvalidOperationException($"{copy.Name}: {failed}; see {files.Log}");
        }
    }
}
