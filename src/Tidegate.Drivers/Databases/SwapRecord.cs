using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Databases;

/// <summary>A row of the site's own table, written in the swap's transaction: the swap happened if and only if it is there.</summary>
/// <param name="OidBefore">The database that was the tenant's; now the checkpoint.</param>
/// <param name="OidAfter">The migrated copy; now the tenant's.</param>
/// <param name="Lsn">The write-ahead log's position inside the swap.</param>
/// <param name="SwappedBackAt">When the swap was reversed; null while it holds.</param>
public sealed record SwapRecord(
    UpgradeId Upgrade,
    TenantName Tenant,
    string Database,
    long OidBefore,
    long OidAfter,
    string Lsn,
    DateTimeOffset SwappedAt,
    DateTimeOffset? SwappedBackAt
)
{
    /// <summary>The number of the swap's transaction: what a higher one wrote was written after it. Null where an older version did not note it.</summary>
    public string? Transaction { get; init; }

    /// <summary>The log's position when the swap was reversed.</summary>
    public string? BackLsn { get; init; }

    /// <summary>Where the counter of mails stood; null when nobody noted it, or there are none.</summary>
    public MailMark? Mails { get; init; }

    /// <summary>The predecessor is kept until somebody drops it.</summary>
    public bool IsKept { get; init; }

    /// <summary>The migrated database is the tenant's.</summary>
    public bool Holds => SwappedBackAt is null;

    internal static async Task<SwapRecord?> FindAsync(
        PostgresSession session,
        UpgradeId upgrade,
        CancellationToken cancellationToken
    ) =>
        (
            await session.QueryAsync($"{Select} where upgrade = $1", [upgrade.Value], Read, cancellationToken)
        ).SingleOrDefault();

    internal static Task<ImmutableArray<SwapRecord>> AllAsync(
        PostgresSession session,
        CancellationToken cancellationToken
    ) => session.QueryAsync($"{Select} order by swapped_at", [], Read, cancellationToken);

    /// <summary>Of one tenant's database, the oldest first.</summary>
    internal static Task<ImmutableArray<SwapRecord>> OfAsync(
        PostgresSession session,
        string database,
        CancellationToken cancellationToken
    ) => session.QueryAsync($"{Select} where database = $1 order by swapped_at", [database], Read, cancellationToken);

    private const string Select = """
        select upgrade, tenant, database, oid_before, oid_after, lsn, swapped_at, swapped_back_at,
               transaction, mails_given, mails_queued, kept, back_lsn
          from tidegate.swap
        """;

    private static SwapRecord Read(NpgsqlDataReader row) =>
        new(
            new(row.GetString(0)),
            new(row.GetString(1)),
            row.GetString(2),
            row.GetInt64(3),
            row.GetInt64(4),
            row.GetString(5),
            row.GetFieldValue<DateTimeOffset>(6),
            row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7)
        )
        {
            Transaction = row.IsDBNull(8) ? null : row.GetString(8),
            Mails = row.IsDBNull(9) ? null : new(row.GetInt64(9), row.GetInt64(10)),
            IsKept = row.GetBoolean(11),
            BackLsn = row.IsDBNull(12) ? null : row.GetString(12),
        };
}
