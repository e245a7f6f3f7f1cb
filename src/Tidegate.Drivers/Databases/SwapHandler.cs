using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Databases;

/// <summary>
/// One transaction: the copy becomes the tenant's database, the original its checkpoint, and a row says so. The
/// database is left closed to every generation; <see cref="TenantAccess.GiveToGenerationAsync"/> opens it for warming.
/// </summary>
public sealed class SwapHandler(SitePostgres site, TimeProvider clock) : IStepHandler<Swap>
{
    public Task<StepOutcome> RunAsync(Swap step, StepContext context, CancellationToken cancellationToken) =>
        SiteStep.RunAsync(
            site,
            context,
            session => SwapAsync(session, step, context, cancellationToken),
            cancellationToken
        );

    private async Task<StepOutcome> SwapAsync(
        FencedSession session,
        Swap step,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var (database, copy) = (context.Target.Database, DatabaseNames.Next(context.Target.Database));
        if (await SwapRecord.FindAsync(session.Postgres, context.Upgrade, cancellationToken) is { } done)
        {
            return done.Holds
                ? new StepOutcome.Done($"database {database} is the migrated one since {done.SwappedAt:u}")
                : new StepOutcome.Failed($"Database {database} was swapped back at {done.SwappedBackAt:u}.");
        }

        if (await RefusalAsync(session, context, cancellationToken) is { } refusal)
        {
            return new StepOutcome.Failed(refusal);
        }

        var mails = await MailsAsync(session, copy, cancellationToken);
        await session.InTransactionAsync(
            postgres => DatabaseDoor.CloseAsync(postgres, copy, DatabaseNames.Owner(database), cancellationToken),
            cancellationToken
        );
        if (await EmptyDatabase.ProveAsync(session, copy, clock, cancellationToken) is { } busy)
        {
            return new StepOutcome.Failed($"The migrated copy is still in use: {busy}.");
        }

        await session.InTransactionAsync(
            postgres => RenameAsync(postgres, (step.Keeps, mails), context, cancellationToken),
            cancellationToken
        );
        return new StepOutcome.Done(
            $"database {database} is the migrated one; its predecessor is {DatabaseNames.Old(database, context.Upgrade)}"
        );
    }

    private static async Task<string?> RefusalAsync(
        FencedSession session,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var database = context.Target.Database;
        if (await DatabaseFacts.FindAsync(session.Postgres, database, cancellationToken) is not { IsOpen: false })
        {
            return $"Database {database} is not fenced: it is not swapped.";
        }

        var copy = await TenantCopy.ReadAsync(session.Postgres, context, cancellationToken);
        return copy is CopyState.Begun or CopyState.Fresh
            ? null
            : $"There is no copy of database {database} to swap in: {copy}.";
    }

    private static async Task<int> RenameAsync(
        PostgresSession postgres,
        (bool Keeps, MailMark? Mails) noted,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var database = context.Target.Database;
        var (live, copy) = (Sql.Name(database), Sql.Name(DatabaseNames.Next(database)));
        var old = Sql.Name(DatabaseNames.Old(database, context.Upgrade));
        var recorded = await RecordAsync(postgres, noted, context, cancellationToken);
        if (recorded != 1)
        {
            throw new InvalidOperationException(
                $"The copy of database {database} is no longer the one of upgrade {context.Upgrade}: not swapped."
            );
        }

        await postgres.ExecuteAllAsync(
            [
                $"ALTER DATABASE {live} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false",
                $"ALTER DATABASE {live} RENAME TO {old}",
                $"ALTER DATABASE {copy} RENAME TO {live}",
                $"ALTER DATABASE {live} WITH IS_TEMPLATE false ALLOW_CONNECTIONS true",
            ],
            cancellationToken
        );
        return await postgres.ExecuteAsync(
            "delete from tidegate.copy where database = $1",
            [database],
            cancellationToken
        );
    }

    private static Task<int> RecordAsync(
        PostgresSession postgres,
        (bool Keeps, MailMark? Mails) noted,
        StepContext context,
        CancellationToken cancellationToken
    ) =>
        postgres.ExecuteAsync(
            """
            insert into tidegate.swap (upgrade, tenant, database, epoch, oid_before, oid_after, lsn, swapped_at,
                                       transaction, mails_given, mails_queued, kept)
            select $1, $2, $3, $4, before.oid::bigint, after.oid::bigint, pg_current_wal_lsn()::text, $5,
                   pg_current_xact_id()::text, nullif($7, -1), nullif($8, -1), $9
              from pg_database before, pg_database after, tidegate.copy c
             where before.datname = $3 and after.datname = $6
               and c.database = $3 and c.upgrade = $1 and c.oid = after.oid::bigint
            """,
            [
                context.Upgrade.Value,
                context.Target.Tenant.Value,
                context.Target.Database,
                context.Epoch,
                context.Now,
                DatabaseNames.Next(context.Target.Database),
                noted.Mails?.Given ?? -1,
                noted.Mails?.Queued ?? -1,
                noted.Keeps,
            ],
            cancellationToken
        );

    /// <summary>
    /// The counter of mails before the tenant opens: who asks later whether any was sent must know. Null where a cut
    /// attempt has closed the copy already: not known, which keeps the safe-write window closed.
    /// </summary>
    private static async Task<MailMark?> MailsAsync(
        FencedSession session,
        string copy,
        CancellationToken cancellationToken
    )
    {
        if (await DatabaseFacts.FindAsync(session.Postgres, copy, cancellationToken) is not { IsOpen: true })
        {
            return null;
        }

        await using var inside = await session.OpenAsync(copy, cancellationToken);
        return await MailMarks.ReadAsync(inside, cancellationToken);
    }
}
