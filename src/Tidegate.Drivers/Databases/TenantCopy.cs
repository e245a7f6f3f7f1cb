using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Databases;

/// <summary>What the site knows of an upgrade's copy, and the mark that a migration has begun on it.</summary>
public sealed class TenantCopy(SitePostgres site)
{
    /// <exception cref="StaleEpochException">This control plane is old.</exception>
    public async Task<CopyState> ReadAsync(StepContext context, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(context, cancellationToken);
        return await ReadAsync(session.Postgres, context, cancellationToken);
    }

    /// <summary>
    /// Marks the copy before the first statement of a migration. True when this call set the mark: the migration may
    /// begin. False when it has begun before, or the copy is not a fresh one of this upgrade: it may not.
    /// </summary>
    /// <exception cref="StaleEpochException">This control plane is old; nothing was marked.</exception>
    public async Task<bool> MarkMigrationBegunAsync(StepContext context, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(context, cancellationToken);
        return await session.InTransactionAsync(
            async postgres =>
                await postgres.ExecuteAsync(
                    """
                    update tidegate.copy as c set migration_begun_at = $3
                      from pg_database d
                     where c.database = $1 and c.upgrade = $2 and c.migration_begun_at is null
                       and d.datname = $4 and d.oid = c.oid
                    """,
                    [
                        context.Target.Database,
                        context.Upgrade.Value,
                        context.Now,
                        DatabaseNames.Next(context.Target.Database),
                    ],
                    cancellationToken
                ) == 1,
            cancellationToken
        );
    }

    internal static async Task<CopyState> ReadAsync(
        PostgresSession session,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var next = DatabaseNames.Next(context.Target.Database);
        if (await DatabaseFacts.FindAsync(session, next, cancellationToken) is not { } facts)
        {
            return new CopyState.Missing();
        }

        var rows = await session.QueryAsync(
            "select upgrade, epoch, oid, migration_begun_at from tidegate.copy where database = $1",
            [context.Target.Database],
            row =>
                (
                    Upgrade: new UpgradeId(row.GetString(0)),
                    Epoch: row.GetInt64(1),
                    Oid: row.GetInt64(2),
                    BegunAt: row.IsDBNull(3) ? (DateTimeOffset?)null : row.GetFieldValue<DateTimeOffset>(3)
                ),
            cancellationToken
        );
        return rows switch
        {
            [] => new CopyState.Unusable($"database {next} has no record: its making was cut"),
            [var copy] when copy.Oid != facts.Oid || !facts.IsWhole => new CopyState.Unusable(
                $"database {next} is not the one that was recorded"
            ),
            [var copy] when copy.Upgrade != context.Upgrade => new CopyState.Unusable(
                $"database {next} is the copy of upgrade {copy.Upgrade}"
            ),
            [{ BegunAt: { } at }] => new CopyState.Begun(facts.Oid, at),
            [var copy, ..] => new CopyState.Fresh(facts.Oid, copy.Epoch),
        };
    }

    private Task<FencedSession> OpenAsync(StepContext context, CancellationToken cancellationToken) =>
        FencedSession.OpenAsync(site, context.Target.Tenant, context.Epoch, cancellationToken);
}
