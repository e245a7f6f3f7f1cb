using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Databases;

/// <summary>Gives the migrated database away after a swap: first to the new generation, when the tenant opens also to others.</summary>
public sealed class TenantAccess(SitePostgres site)
{
    /// <summary>The new generation may connect and works as the tenant's owner role. Running it again changes nothing.</summary>
    /// <exception cref="StaleEpochException">This control plane is old; nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">The tenant's database is not the migrated one.</exception>
    public Task GiveToGenerationAsync(StepContext context, CancellationToken cancellationToken)
    {
        var target = context.Target;
        var role = DatabaseNames.Generation(target.Pool, target.To.Digest);
        return AfterSwapAsync(
            context,
            postgres =>
                postgres.ExecuteAllAsync(
                    TenantRights.Give(target.Database, DatabaseNames.Owner(target.Database), role),
                    cancellationToken
                ),
            cancellationToken
        );
    }

    /// <summary>
    /// Roles that are no pool's (a reporting tool) get back what the fence took from them. Only once the tenant opens:
    /// what they write before would be lost by a way back.
    /// </summary>
    /// <exception cref="StaleEpochException">This control plane is old; nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">The tenant's database is not the migrated one.</exception>
    public Task GiveToOthersAsync(StepContext context, CancellationToken cancellationToken) =>
        AfterSwapAsync(
            context,
            async postgres =>
            {
                if (await FenceRecord.FindAsync(postgres, context.Upgrade, cancellationToken) is { } fence)
                {
                    await fence.GiveBackAsync(postgres, context.Target.Database, cancellationToken);
                }
            },
            cancellationToken
        );

    private async Task AfterSwapAsync(
        StepContext context,
        Func<PostgresSession, Task> give,
        CancellationToken cancellationToken
    )
    {
        await using var session = await FencedSession.OpenAsync(
            site,
            context.Target.Tenant,
            context.Epoch,
            cancellationToken
        );
        await session.InTransactionAsync(
            async postgres =>
            {
                if (await SwapRecord.FindAsync(postgres, context.Upgrade, cancellationToken) is not { Holds: true })
                {
                    throw new InvalidOperationException(
                        $"Database {context.Target.Database} is not the one that upgrade {context.Upgrade} migrated: it is not given away."
                    );
                }

                await give(postgres);
                return true;
            },
            cancellationToken
        );
    }
}
