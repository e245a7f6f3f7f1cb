using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Databases;

/// <summary>Nobody but the site can connect to the tenant's database, and nobody is connected: proven.</summary>
public sealed class FenceHandler(SitePostgres site, TimeProvider clock) : IStepHandler<Fence>
{
    public Task<StepOutcome> RunAsync(Fence step, StepContext context, CancellationToken cancellationToken) =>
        SiteStep.RunAsync(site, context, session => FenceAsync(session, context, cancellationToken), cancellationToken);

    private async Task<StepOutcome> FenceAsync(
        FencedSession session,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var database = context.Target.Database;
        if (await SwapRecord.FindAsync(session.Postgres, context.Upgrade, cancellationToken) is { Holds: true })
        {
            return new StepOutcome.Done($"database {database} is already the migrated one; its predecessor is closed");
        }

        if (await DatabaseFacts.FindAsync(session.Postgres, database, cancellationToken) is null)
        {
            return new StepOutcome.Failed($"Database {database} does not exist on the site. Correct the tenant.");
        }

        await session.InTransactionAsync(
            async postgres =>
            {
                var owner = DatabaseNames.Owner(database);
                var taken = await DatabaseDoor.CloseAsync(postgres, database, owner, cancellationToken);
                await FenceRecord.WriteAsync(postgres, context, taken, cancellationToken);
                return taken;
            },
            cancellationToken
        );
        return await EmptyDatabase.ProveAsync(session, database, clock, cancellationToken) is { } refusal
            ? new StepOutcome.PutOff(refusal)
            : new StepOutcome.Done($"database {database} is closed to every generation and proven empty");
    }
}
