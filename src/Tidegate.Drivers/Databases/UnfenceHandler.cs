using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Databases;

/// <summary>The original belongs to the old generation again, with the rights that others had, and lets them connect.</summary>
public sealed class UnfenceHandler(SitePostgres site) : IStepHandler<Unfence>
{
    public Task<StepOutcome> RunAsync(Unfence step, StepContext context, CancellationToken cancellationToken) =>
        SiteStep.RunAsync(
            site,
            context,
            session => UnfenceAsync(session, context, cancellationToken),
            cancellationToken
        );

    private static async Task<StepOutcome> UnfenceAsync(
        FencedSession session,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var target = context.Target;
        if (await SwapRecord.FindAsync(session.Postgres, context.Upgrade, cancellationToken) is { Holds: true })
        {
            // Old code on the migrated database is what the whole cutover exists to prevent.
            return new StepOutcome.Unknown(
                $"Database {target.Database} is the migrated one: it is not given to release {target.From.Name}. Swap back first."
            );
        }

        if (await FenceRecord.FindAsync(session.Postgres, context.Upgrade, cancellationToken) is not { } fence)
        {
            return new StepOutcome.Done($"database {target.Database} is not fenced by this upgrade");
        }

        await session.InTransactionAsync(
            async postgres =>
            {
                var role = DatabaseNames.Generation(target.Pool, target.From.Digest);
                await postgres.ExecuteAllAsync(
                    TenantRights
                        .Give(target.Database, DatabaseNames.Owner(target.Database), role)
                        .Prepend(
                            $"ALTER DATABASE {Sql.Name(target.Database)} WITH IS_TEMPLATE false ALLOW_CONNECTIONS true"
                        ),
                    cancellationToken
                );
                await fence.GiveBackAsync(postgres, target.Database, cancellationToken);
                return await FenceRecord.ForgetAsync(postgres, context.Upgrade, cancellationToken);
            },
            cancellationToken
        );
        return new StepOutcome.Done($"database {target.Database} belongs to release {target.From.Name} again");
    }
}
