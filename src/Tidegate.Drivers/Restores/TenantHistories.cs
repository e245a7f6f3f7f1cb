using Npgsql;
using Tidegate.ControlPlane.Restores;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Restores;

/// <summary>Reads which databases had a tenant's name, out of the cluster's own record.</summary>
internal static class TenantHistories
{
    /// <param name="session">On the cluster's maintenance database.</param>
    public static async Task<TenantHistory> ReadAsync(
        PostgresSession session,
        string database,
        CancellationToken cancellationToken
    ) =>
        new(
            (await DatabaseFacts.FindAsync(session, database, cancellationToken))?.Oid ?? 0,
            [
                .. (await SwapRecord.OfAsync(session, database, cancellationToken)).Select(swap => new RecordedSwap(
                    swap.Upgrade,
                    swap.OidBefore,
                    swap.OidAfter,
                    swap.Lsn,
                    swap.SwappedAt,
                    swap.SwappedBackAt,
                    swap.BackLsn,
                    swap.Transaction
                )),
            ]
        );

    /// <summary>Of a cluster as it was at another time; null when it had no such record yet, or one of an older form.</summary>
    public static async Task<TenantHistory?> FindAsync(
        SitePostgres cluster,
        string database,
        CancellationToken cancellationToken
    )
    {
        await using var session = await cluster.OpenAsync(
            SitePostgres.Maintenance,
            SitePostgres.Superuser,
            cancellationToken
        );
        try
        {
            return await ReadAsync(session, database, cancellationToken);
        }
        catch (PostgresException older)
            when (older.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            return null;
        }
    }
}
