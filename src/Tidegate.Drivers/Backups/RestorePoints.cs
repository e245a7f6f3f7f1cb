using Tidegate.ControlPlane.Backups;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Backups;

/// <summary>Named places in the site's log, recorded with where they lie: only such a one can be looked for without replaying everything.</summary>
public sealed class RestorePoints(SitePostgres postgres)
{
    /// <summary>Records this place of the log under a name of at most 63 bytes; where the name is taken, the place that has it stays.</summary>
    /// <returns>Where the point lies.</returns>
    public async Task<WalPosition> RecordAsync(string name, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(cancellationToken);
        // The row first: of two who record the same name the second waits and then finds it.
        await session.InTransactionAsync(
            async () =>
            {
                if (
                    await session.ExecuteAsync(
                        "insert into tidegate.restore_point (name, lsn, made_at) values ($1, '', clock_timestamp()) on conflict do nothing",
                        [name],
                        cancellationToken
                    ) == 1
                )
                {
                    await session.ExecuteAsync(
                        "update tidegate.restore_point set lsn = pg_create_restore_point(name)::text where name = $1",
                        [name],
                        cancellationToken
                    );
                }

                return true;
            },
            cancellationToken
        );
        return (await FindAsync(session, name, cancellationToken))!.Value;
    }

    /// <summary>Where the point lies; null when none of the name was recorded.</summary>
    public async Task<WalPosition?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(cancellationToken);
        return await FindAsync(session, name, cancellationToken);
    }

    private static async Task<WalPosition?> FindAsync(
        PostgresSession session,
        string name,
        CancellationToken cancellationToken
    ) =>
        await session.ScalarAsync<string>(
            "select lsn from tidegate.restore_point where name = $1",
            [name],
            cancellationToken
        )
            is { } lsn
            ? WalPosition.Parse(lsn)
            : null;

    private Task<PostgresSession> OpenAsync(CancellationToken cancellationToken) =>
        postgres.OpenAsync(SitePostgres.Maintenance, DatabaseNames.SiteRole, cancellationToken);
}
