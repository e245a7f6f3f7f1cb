using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Databases;

/// <summary>The upgrade's copy is gone, with every session that worked on it. Another upgrade's copy is left alone.</summary>
public sealed class DropCopyHandler(SitePostgres site, TimeProvider clock) : IStepHandler<DropCopy>
{
    public Task<StepOutcome> RunAsync(DropCopy step, StepContext context, CancellationToken cancellationToken) =>
        SiteStep.RunAsync(site, context, session => DropAsync(session, context, cancellationToken), cancellationToken);

    private async Task<StepOutcome> DropAsync(
        FencedSession session,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var next = DatabaseNames.Next(context.Target.Database);
        if (await BelongsToAnotherAsync(session, context, cancellationToken))
        {
            return new StepOutcome.Done($"database {next} is another upgrade's copy; this one has none");
        }

        if (await DatabaseRemoval.DropAsync(session, next, clock, cancellationToken) is { } refusal)
        {
            return new StepOutcome.NotYet(TimeSpan.FromSeconds(1), refusal);
        }

        await session.InTransactionAsync(
            postgres => CopyMaking.CloseMigratorAsync(postgres, context, cancellationToken),
            cancellationToken
        );
        return new StepOutcome.Done($"database {next} is gone");
    }

    private static Task<bool> BelongsToAnotherAsync(
        FencedSession session,
        StepContext context,
        CancellationToken cancellationToken
    ) =>
        session.Postgres.ScalarAsync<bool>(
            """
            select exists (
                select from tidegate.copy c join pg_database d on d.oid = c.oid
                 where c.database = $1 and c.upgrade <> $2 and d.datname = $3)
            """,
            [context.Target.Database, context.Upgrade.Value, DatabaseNames.Next(context.Target.Database)],
            cancellationToken
        );
}
