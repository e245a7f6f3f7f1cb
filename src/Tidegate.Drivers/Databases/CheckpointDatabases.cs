using System.Collections.Immutable;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Databases;

/// <summary>A database that a swap replaced: what the tenant returns to.</summary>
/// <param name="SizeBytes">Its size on disk.</param>
public sealed record CheckpointDatabase(string Name, long SizeBytes, SwapRecord Swap);

/// <summary>The checkpoints' databases of a site. They are closed, to superusers too, and marked as templates so that nothing lists them.</summary>
public sealed class CheckpointDatabases(SitePostgres site, TimeProvider clock)
{
    /// <summary>Every checkpoint there is, oldest first.</summary>
    public async Task<ImmutableArray<CheckpointDatabase>> ListAsync(CancellationToken cancellationToken)
    {
        await using var session = await site.OpenAsync(
            SitePostgres.Maintenance,
            DatabaseNames.SiteRole,
            cancellationToken
        );
        var swaps = await SwapRecord.AllAsync(session, cancellationToken);
        var sizes = await session.QueryAsync(
            """
            select d.oid::bigint, d.datname::text, pg_database_size(d.oid)
              from pg_database d join tidegate.swap s on s.oid_before = d.oid::bigint and s.swapped_back_at is null
            """,
            [],
            row => (Oid: row.GetInt64(0), Name: row.GetString(1), Size: row.GetInt64(2)),
            cancellationToken
        );
        return
        [
            .. from swap in swaps
            join found in sizes on swap.OidBefore equals found.Oid
            where swap.Holds
            select new CheckpointDatabase(found.Name, found.Size, swap),
        ];
    }

    /// <summary>Drops an upgrade's checkpoint; from then on the upgrade has no way back by swap. Nothing when it is gone already.</summary>
    /// <returns>Null once it is gone; otherwise who keeps it busy.</returns>
    public async Task<string?> DropAsync(
        FencedSession session,
        string database,
        UpgradeId upgrade,
        CancellationToken cancellationToken
    )
    {
        var old = DatabaseNames.Old(database, upgrade);
        var refusal = await DatabaseRemoval.DropAsync(session, old, clock, cancellationToken);
        if (refusal is null)
        {
            await session.InTransactionAsync(
                postgres => FenceRecord.ForgetAsync(postgres, upgrade, cancellationToken),
                cancellationToken
            );
        }

        return refusal;
    }
}
