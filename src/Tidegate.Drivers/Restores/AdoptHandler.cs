using System.Globalization;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Restores;

/// <summary>The database that waited becomes the tenant's <c>__next</c>, ready for the swap. Every part may be repeated.</summary>
internal sealed class AdoptHandler(SiteLayout layout, SitePostgres site, OdooSignals signals, TimeProvider clock)
    : IStepHandler<Adopt>
{
    public async Task<StepOutcome> RunAsync(Adopt step, StepContext context, CancellationToken cancellationToken)
    {
        var outcome = await SiteStep.RunAsync(
            site,
            context,
            session => AdoptAsync(session, step, context, cancellationToken),
            cancellationToken
        );
        if (outcome is StepOutcome.Done && !await IsSwappedAsync(context, cancellationToken))
        {
            await signals.RaiseAsync(context, cancellationToken);
        }

        return outcome;
    }

    private async Task<StepOutcome> AdoptAsync(
        FencedSession session,
        Adopt step,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var (database, next) = (context.Target.Database, DatabaseNames.Next(context.Target.Database));
        if (await SwapRecord.FindAsync(session.Postgres, context.Upgrade, cancellationToken) is not null)
        {
            return new StepOutcome.Done($"database {step.Source.Database} has taken its place already");
        }

        if (await RenameAsync(session, step, context, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        if (
            step.Source.Checkpoint is null
            && await CarryOverAsync(session, database, next, cancellationToken) is { Length: > 0 } lost
        )
        {
            return new StepOutcome.Failed(
                $"The restored database differs from {database} in what surrounds it: {string.Join("; ", lost)}."
            );
        }

        await LinkAsync(step.Source, context, cancellationToken);
        await ClosedDatabase.SetOpenAsync(session, next, isOpen: true, cancellationToken);
        var raised = step.IsCopy ? RaisedNumbers.None : await RaiseAsync(session, database, next, cancellationToken);
        return await EmptyDatabase.ProveAsync(session, database, clock, cancellationToken) is { } busy
            ? new StepOutcome.PutOff(busy)
            : new StepOutcome.Done(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"database {step.Source.Database} is ready to take the place of {database}; {raised.Count} counters go on behind the numbers that were given out{raised.Warning}"
                )
            );
    }

    private static Task<RaisedNumbers> RaiseAsync(
        FencedSession session,
        string database,
        string next,
        CancellationToken cancellationToken
    ) =>
        ClosedDatabase.InsideAsync(
            session,
            database,
            async live =>
            {
                await using var restored = await session.OpenAsync(next, cancellationToken);
                return await NumberRaising.RaiseAsync(live, restored, cancellationToken);
            },
            cancellationToken
        );

    /// <summary>Null once it has the name and the record.</summary>
    private async Task<StepOutcome?> RenameAsync(
        FencedSession session,
        Adopt step,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var next = DatabaseNames.Next(context.Target.Database);
        if (await TenantCopy.ReadAsync(session.Postgres, context, cancellationToken) is CopyState.Fresh)
        {
            return null;
        }

        if (await DatabaseRemoval.DropAsync(session, next, clock, cancellationToken) is { } busy)
        {
            return new StepOutcome.PutOff(busy);
        }

        var source = await DatabaseFacts.FindAsync(session.Postgres, step.Source.Database, cancellationToken);
        if (source?.Oid != step.Source.Oid)
        {
            return new StepOutcome.Failed(
                $"Database {step.Source.Database} is not the one that was to take the place of {context.Target.Database}: it is gone, or another. Restore again."
            );
        }

        if (await EmptyDatabase.ProveAsync(session, step.Source.Database, clock, cancellationToken) is { } used)
        {
            return new StepOutcome.PutOff(used);
        }

        await session.InTransactionAsync(
            async postgres =>
            {
                await postgres.ExecuteAsync(
                    $"ALTER DATABASE {Sql.Name(step.Source.Database)} RENAME TO {Sql.Name(next)}",
                    cancellationToken
                );
                await postgres.ExecuteAsync(
                    $"ALTER DATABASE {Sql.Name(next)} WITH IS_TEMPLATE true",
                    cancellationToken
                );
                return await postgres.ExecuteAsync(
                    """
                    insert into tidegate.copy (database, upgrade, tenant, epoch, oid, made_at)
                    values ($1, $2, $3, $4, $5, $6)
                    on conflict (database) do update
                       set upgrade = excluded.upgrade, tenant = excluded.tenant, epoch = excluded.epoch,
                           oid = excluded.oid, made_at = excluded.made_at, migration_begun_at = null
                    """,
                    [
                        context.Target.Database,
                        context.Upgrade.Value,
                        context.Target.Tenant.Value,
                        context.Epoch,
                        step.Source.Oid,
                        context.Now,
                    ],
                    cancellationToken
                );
            },
            cancellationToken
        );
        return null;
    }

    private static Task<string[]> CarryOverAsync(
        FencedSession session,
        string database,
        string next,
        CancellationToken cancellationToken
    ) =>
        session.InTransactionAsync(
            async postgres =>
            {
                await DatabaseTraits.CarryOverAsync(postgres, database, next, cancellationToken);
                return await DatabaseTraits.DifferencesAsync(postgres, database, next, cancellationToken);
            },
            cancellationToken
        );

    /// <summary>Files that the tenant's own folder lacks by now, since Odoo has collected them, and those that are damaged there. All others it has already.</summary>
    private async Task LinkAsync(RestoreSource source, StepContext context, CancellationToken cancellationToken)
    {
        var from =
            source.Checkpoint is { } upgrade ? Path.Combine(layout.Checkpoint(upgrade), "filestore")
            : source.Files is { } files ? Path.Combine(layout.Home, files)
            : null;
        if (from is null || !Directory.Exists(from))
        {
            return;
        }

        var to = layout.Filestore(context.Target.Pool, context.Target.Database);
        Directory.CreateDirectory(to);
        var answer = await Tool.RunAsync("/bin/cp", ["-aln", "--", $"{from}/.", to], cancellationToken);
        if (answer.ExitCode != 0)
        {
            throw new IOException($"The files of {source.Database} could not be linked to {to}: {answer.Complaint}.");
        }

        await RestoredFilestore.MendAsync(from, to, cancellationToken);
    }

    private async Task<bool> IsSwappedAsync(StepContext context, CancellationToken cancellationToken)
    {
        await using var session = await FencedSession.OpenAsync(
            site,
            context.Target.Tenant,
            context.Epoch,
            cancellationToken
        );
        return await SwapRecord.FindAsync(session.Postgres, context.Upgrade, cancellationToken) is not null;
    }
}
