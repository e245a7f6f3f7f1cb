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
        var found = (
            await session.QueryAsync(
                """
                select s.upgrade, d.datname::text, pg_database_size(d.oid)
                  from pg_database d
                  join tidegate.swap s on s.oid_before = d.oid::bigint and s.swapped_back_at is null
                                      and d.datname = s.database || '__old_' || right(s.upgrade, 8)
                """,
                [],
                row => (Upgrade: row.GetString(0), Name: row.GetString(1), Size: row.GetInt64(2)),
                cancellationToken
            )
        ).ToLookup(kept => kept.Upgrade, StringComparer.Ordinal);
        return
        [
            .. swaps
                .Where(swap => swap.Holds)
                .SelectMany(swap =>
                    found[swap.Upgrade.Value].Select(kept => new CheckpointDatabase(kept.Name, kept.Size, swap))
                ),
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
