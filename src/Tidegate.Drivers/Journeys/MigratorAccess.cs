using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Journeys;

/// <summary>Lets the pool's fork server into a tenant's live database for as long as journeys are made. They store nothing; the migrator has no business there otherwise.</summary>
internal sealed class MigratorAccess(SitePostgres site)
{
    /// <summary>The migrator's role may connect and works as the tenant's owner role. Giving it twice changes nothing.</summary>
    /// <exception cref="StaleEpochException">This control plane is old; nothing was given.</exception>
    public async Task GiveAsync(StepContext context, CancellationToken cancellationToken)
    {
        await new PoolRoles(site).EnsureMigratorAsync(context.Target.Pool, cancellationToken);
        await ChangeAsync(context, TenantRights.Give, cancellationToken);
    }

    /// <summary>Takes it back, also what a crashed attempt gave.</summary>
    /// <exception cref="StaleEpochException">This control plane is old; a newer one takes it back.</exception>
    public Task TakeAsync(StepContext context, CancellationToken cancellationToken) =>
        ChangeAsync(context, TenantRights.Take, cancellationToken);

    private async Task ChangeAsync(
        StepContext context,
        Func<string, string, string, IEnumerable<string>> statements,
        CancellationToken cancellationToken
    )
    {
        var (database, pool) = (context.Target.Database, context.Target.Pool);
        await using var session = await FencedSession.OpenAsync(
            site,
            context.Target.Tenant,
            context.Epoch,
            cancellationToken
        );
        await session.InTransactionAsync(
            async postgres =>
            {
                await postgres.ExecuteAllAsync(
                    statements(database, DatabaseNames.Owner(database), DatabaseNames.Migrator(pool)),
                    cancellationToken
                );
                return true;
            },
            cancellationToken
        );
    }
}
