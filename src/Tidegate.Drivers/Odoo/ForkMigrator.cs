using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Odoo;

/// <summary>Migrates in a child of the generation's fork server: Odoo is imported once for all tenants of a wave.</summary>
public sealed class ForkMigrator(SiteLayout layout) : IMigrator
{
    public Task<JobResult> MigrateAsync(MigrationRequest request, CancellationToken cancellationToken) =>
        Client(request.Files.Pool, request.Files.Release)
            .RunAsync(
                new
                {
                    op = "migrate",
                    request.Id,
                    Tenant = request.Tenant.Value,
                    request.Database,
                    request.Modules,
                    request.Epoch,
                    request.Files.Log,
                    request.Files.Result,
                },
                request.Id,
                request.Files.Result,
                cancellationToken
            );

    public Task EndAsync(
        PoolName pool,
        ReleaseDigest release,
        string database,
        long epoch,
        CancellationToken cancellationToken
    ) => Client(pool, release).EndAllAsync(database, epoch, cancellationToken);

    private ForkServerClient Client(PoolName pool, ReleaseDigest release) =>
        new(layout.ForkServerSocket(pool, release));
}
