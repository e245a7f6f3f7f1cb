using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Checkpoints;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Restores;

/// <summary>After a way back that did not come to its end: a checkpoint is a checkpoint again, and what was restored for it alone is gone.</summary>
internal sealed class ReturnSourceHandler(SitePostgres site, RestoreSources sources, TimeProvider clock)
    : IStepHandler<ReturnSource>
{
    public Task<StepOutcome> RunAsync(ReturnSource step, StepContext context, CancellationToken cancellationToken) =>
        SiteStep.RunAsync(
            site,
            context,
            session => ReturnAsync(session, step.Source, context, cancellationToken),
            cancellationToken
        );

    private async Task<StepOutcome> ReturnAsync(
        FencedSession session,
        RestoreSource source,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var next = DatabaseNames.Next(context.Target.Database);
        if (await FindAsync(session, next, source, cancellationToken))
        {
            await session.InTransactionAsync(
                postgres =>
                    DatabaseDoor.CloseAsync(
                        postgres,
                        next,
                        DatabaseNames.Owner(context.Target.Database),
                        cancellationToken
                    ),
                cancellationToken
            );
            if (await EmptyDatabase.ProveAsync(session, next, clock, cancellationToken) is { } busy)
            {
                return new StepOutcome.NotYet(TimeSpan.FromSeconds(1), busy);
            }

            await session.InTransactionAsync(
                async postgres =>
                {
                    await postgres.ExecuteAsync(
                        $"ALTER DATABASE {Sql.Name(next)} RENAME TO {Sql.Name(source.Database)}",
                        cancellationToken
                    );
                    return await postgres.ExecuteAsync(
                        "delete from tidegate.copy where database = $1 and upgrade = $2",
                        [context.Target.Database, context.Upgrade.Value],
                        cancellationToken
                    );
                },
                cancellationToken
            );
        }

        if (source.Checkpoint is not null)
        {
            // A look into it that was killed has left it open, to the site alone.
            if (await FindAsync(session, source.Database, source, cancellationToken))
            {
                await ClosedDatabase.SetOpenAsync(session, source.Database, isOpen: false, cancellationToken);
            }

            return new StepOutcome.Done($"database {source.Database} is a checkpoint as before");
        }

        if (
            await FindAsync(session, source.Database, source, cancellationToken)
            && await DatabaseRemoval.DropAsync(session, source.Database, clock, cancellationToken) is { } used
        )
        {
            return new StepOutcome.NotYet(TimeSpan.FromSeconds(1), used);
        }

        await sources.ForgetAsync(session, source, cancellationToken);
        return new StepOutcome.Done($"database {source.Database} is gone");
    }

    private static async Task<bool> FindAsync(
        FencedSession session,
        string name,
        RestoreSource source,
        CancellationToken cancellationToken
    ) => (await DatabaseFacts.FindAsync(session.Postgres, name, cancellationToken))?.Oid == source.Oid;
}
