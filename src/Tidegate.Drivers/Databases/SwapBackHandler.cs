using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Databases;

/// <summary>The reverse swap in one transaction, if the swap happened; nothing otherwise. Both databases are left closed.</summary>
public sealed class SwapBackHandler(SitePostgres site, TimeProvider clock) : IStepHandler<SwapBack>
{
    public Task<StepOutcome> RunAsync(SwapBack step, StepContext context, CancellationToken cancellationToken) =>
        SiteStep.RunAsync(
            site,
            context,
            session => SwapBackAsync(session, context, cancellationToken),
            cancellationToken
        );

    private async Task<StepOutcome> SwapBackAsync(
        FencedSession session,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var database = context.Target.Database;
        if (
            await SwapRecord.FindAsync(session.Postgres, context.Upgrade, cancellationToken) is not { Holds: true } swap
        )
        {
            return new StepOutcome.Done($"database {database} was not swapped, or is swapped back already");
        }

        if (await RefusalAsync(session, swap, cancellationToken) is { } refusal)
        {
            return new StepOutcome.Failed(refusal);
        }

        await session.InTransactionAsync(
            postgres => DatabaseDoor.CloseAsync(postgres, database, DatabaseNames.Owner(database), cancellationToken),
            cancellationToken
        );
        if (await EmptyDatabase.ProveAsync(session, database, clock, cancellationToken) is { } busy)
        {
            return new StepOutcome.NotYet(TimeSpan.FromSeconds(1), busy);
        }

        await session.InTransactionAsync(
            postgres => RenameAsync(postgres, context, cancellationToken),
            cancellationToken
        );
        return new StepOutcome.Done($"database {database} is the one from before the upgrade again");
    }

    private static async Task<string?> RefusalAsync(
        FencedSession session,
        SwapRecord swap,
        CancellationToken cancellationToken
    )
    {
        var old = DatabaseNames.Old(swap.Database, swap.Upgrade);
        var live = await DatabaseFacts.FindAsync(session.Postgres, swap.Database, cancellationToken);
        var checkpoint = await DatabaseFacts.FindAsync(session.Postgres, old, cancellationToken);
        return live?.Oid == swap.OidAfter && checkpoint?.Oid == swap.OidBefore
            ? null
            : $"Database {swap.Database} cannot be swapped back: it or its checkpoint {old} is not the one the swap left (OIDs {swap.OidAfter} and {swap.OidBefore}, now {live?.Oid} and {checkpoint?.Oid}). Restore from a backup.";
    }

    private static async Task<int> RenameAsync(
        PostgresSession postgres,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var database = context.Target.Database;
        var (live, copy) = (Sql.Name(database), Sql.Name(DatabaseNames.Next(database)));
        var old = Sql.Name(DatabaseNames.Old(database, context.Upgrade));
        await postgres.ExecuteAllAsync(
            [
                $"ALTER DATABASE {live} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false",
                $"ALTER DATABASE {live} RENAME TO {copy}",
                $"ALTER DATABASE {old} RENAME TO {live}",
                $"ALTER DATABASE {live} WITH IS_TEMPLATE false",
            ],
            cancellationToken
        );
        return await postgres.ExecuteAsync(
            "update tidegate.swap set swapped_back_at = $2, back_lsn = pg_current_wal_lsn()::text where upgrade = $1 and swapped_back_at is null",
            [context.Upgrade.Value, context.Now],
            cancellationToken
        );
    }
}
