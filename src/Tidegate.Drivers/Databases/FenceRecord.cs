using System.Collections.Immutable;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Databases;

/// <summary>That an upgrade fenced its database, and what it took from roles that are not a pool's (a reporting tool, say).</summary>
internal sealed record FenceRecord(ImmutableArray<string> Connects, ImmutableArray<string> Members)
{
    /// <summary>Null when this upgrade never fenced its database, or undid it.</summary>
    public static async Task<FenceRecord?> FindAsync(
        PostgresSession session,
        UpgradeId upgrade,
        CancellationToken cancellationToken
    ) =>
        (
            await session.QueryAsync(
                "select connects, members from tidegate.fence where upgrade = $1",
                [upgrade.Value],
                row => new FenceRecord([.. row.GetFieldValue<string[]>(0)], [.. row.GetFieldValue<string[]>(1)]),
                cancellationToken
            )
        ).SingleOrDefault();

    /// <summary>Keeps the first answer: a second fence of the same upgrade finds nothing left to take.</summary>
    public static Task WriteAsync(
        PostgresSession session,
        StepContext context,
        TakenRights taken,
        CancellationToken cancellationToken
    ) =>
        session.ExecuteAsync(
            """
            insert into tidegate.fence (upgrade, tenant, database, epoch, connects, members, fenced_at)
            values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (upgrade) do nothing
            """,
            [
                context.Upgrade.Value,
                context.Target.Tenant.Value,
                context.Target.Database,
                context.Epoch,
                Others(taken.Connects),
                Others(taken.Members),
                context.Now,
            ],
            cancellationToken
        );

    /// <summary>
    /// Gives everything back on the database that has the tenant's name now. The record stays: a way back after the
    /// tenant opened needs it once more.
    /// </summary>
    public Task GiveBackAsync(PostgresSession session, string database, CancellationToken cancellationToken) =>
        session.ExecuteAllAsync(
            Connects
                .Select(role => $"GRANT CONNECT ON DATABASE {Sql.Name(database)} TO {Sql.Name(role)}")
                .Concat(Members.Select(role => $"GRANT {Sql.Name(DatabaseNames.Owner(database))} TO {Sql.Name(role)}")),
            cancellationToken
        );

    /// <summary>Nothing is fenced by this upgrade any more, and nothing can need the record.</summary>
    public static Task<int> ForgetAsync(
        PostgresSession session,
        UpgradeId upgrade,
        CancellationToken cancellationToken
    ) => session.ExecuteAsync("delete from tidegate.fence where upgrade = $1", [upgrade.Value], cancellationToken);

    private static string[] Others(ImmutableArray<string> roles) =>
        [.. roles.Where(role => !DatabaseNames.IsPoolRole(role))];
}
