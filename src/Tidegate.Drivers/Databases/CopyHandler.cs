using Npgsql;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Databases;

/// <summary>The fenced database's copy, whole, with what a template copy loses, open to the migrator alone.</summary>
public sealed class CopyHandler(SitePostgres site, TimeProvider clock) : IStepHandler<Copy>
{
    public Task<StepOutcome> RunAsync(Copy step, StepContext context, CancellationToken cancellationToken) =>
        SiteStep.RunAsync(site, context, session => CopyAsync(session, context, cancellationToken), cancellationToken);

    private async Task<StepOutcome> CopyAsync(
        FencedSession session,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var (source, copy) = (context.Target.Database, DatabaseNames.Next(context.Target.Database));
        if (await SwapRecord.FindAsync(session.Postgres, context.Upgrade, cancellationToken) is not null)
        {
            return new StepOutcome.Done($"the copy of this upgrade has been database {source} already");
        }

        if (await DatabaseFacts.FindAsync(session.Postgres, source, cancellationToken) is not { IsOpen: false })
        {
            return new StepOutcome.Failed($"Database {source} is not fenced: a copy of it could miss what is written.");
        }

        // One of a lower epoch is whole, but a session of that epoch may have been cut anywhere near it: made anew.
        if (
            await TenantCopy.ReadAsync(session.Postgres, context, cancellationToken) is CopyState.Fresh fresh
            && fresh.Epoch == context.Epoch
        )
        {
            return new StepOutcome.Done($"database {copy} was made already");
        }

        if (await DatabaseRemoval.DropAsync(session, copy, clock, cancellationToken) is { } refusal)
        {
            return new StepOutcome.PutOff(refusal);
        }

        // The preflight asked too, but other copies may have been made since.
        var size = await session.Postgres.ScalarAsync<long>(
            "select pg_database_size($1::name)",
            [source],
            cancellationToken
        );
        var free = await DiskRoom.FreeAsync(session.Postgres, cancellationToken);
        return DiskRoom.Refusal(source, size, free) is { } full
            ? new StepOutcome.Failed(full)
            : await MakeAsync(session, context, cancellationToken);
    }

    private static async Task<StepOutcome> MakeAsync(
        FencedSession session,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var (source, copy) = (context.Target.Database, DatabaseNames.Next(context.Target.Database));
        string strategy;
        try
        {
            strategy = await CopyMaking.CreateAsync(session, source, copy, cancellationToken);
        }
        catch (PostgresException busy) when (busy.SqlState is PostgresErrorCodes.ObjectInUse)
        {
            return new StepOutcome.PutOff($"Database {source} could not be copied: {busy.Detail ?? busy.MessageText}");
        }

        await PoolRoles.EnsureMigratorAsync(session.Postgres, context.Target.Pool, cancellationToken);
        var lost = await session.InTransactionAsync(
            postgres => FinishAsync(postgres, context, cancellationToken),
            cancellationToken
        );
        return lost is []
            ? new StepOutcome.Done($"database {copy} copied from {source} ({strategy})")
            : new StepOutcome.Failed(
                $"The copy of database {source} differs from it and stays closed: {string.Join("; ", lost)}."
            );
    }

    // The record and the open door are one commit: a copy without a record is known to be unfinished.
    private static async Task<string[]> FinishAsync(
        PostgresSession postgres,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var (source, copy) = (context.Target.Database, DatabaseNames.Next(context.Target.Database));
        await DatabaseTraits.CarryOverAsync(postgres, source, copy, cancellationToken);
        var differences = await DatabaseTraits.DifferencesAsync(postgres, source, copy, cancellationToken);
        if (differences is [])
        {
            await CopyMaking.OpenToMigratorAsync(postgres, context, cancellationToken);
            await RecordAsync(postgres, context, cancellationToken);
        }

        return differences;
    }

    private static Task<int> RecordAsync(
        PostgresSession postgres,
        StepContext context,
        CancellationToken cancellationToken
    ) =>
        postgres.ExecuteAsync(
            """
            insert into tidegate.copy (database, upgrade, tenant, epoch, oid, made_at)
            select $1, $2, $3, $4, oid::bigint, $5 from pg_database where datname = $6
            on conflict (database) do update
               set upgrade = excluded.upgrade, tenant = excluded.tenant, epoch = excluded.epoch,
                   oid = excluded.oid, made_at = excluded.made_at, migration_begun_at = null
            """,
            [
                context.Target.Database,
                context.Upgrade.Value,
                context.Target.Tenant.Value,
                context.Epoch,
                context.Now,
                DatabaseNames.Next(context.Target.Database),
            ],
            cancellationToken
        );
}
