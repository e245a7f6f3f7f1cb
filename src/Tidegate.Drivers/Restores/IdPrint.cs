using Npgsql;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Restores;

/// <summary>
/// Of a set of ids: equal for equal sets, for others with a chance of one in 2^64. That the sets themselves need not be
/// fetched where they are equal is what keeps the shop's wait short.
/// </summary>
internal sealed record IdPrint(long Count, long Hash)
{
    /// <summary>The first two columns of a query about alias <c>t</c>.</summary>
    public const string Columns = "count(*), coalesce(bit_xor(hashint8extended(t.id, 0)), 0)";

    public static IdPrint Read(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetInt64(1));

    /// <param name="from">Table, alias <c>t</c>, and condition.</param>
    public static async Task<IdPrint> ReadAsync(
        PostgresSession session,
        string from,
        IReadOnlyList<object> parameters,
        CancellationToken cancellationToken
    ) => (await session.QueryAsync($"select {Columns} from {from}", parameters, Read, cancellationToken)).Single();

    public static async Task<IdPrint> OfAsync(
        PostgresSession session,
        IReadOnlyCollection<long> ids,
        CancellationToken cancellationToken
    ) =>
        ids.Count is 0
            ? new IdPrint(0, 0)
            : await ReadAsync(session, "unnest($1::bigint[]) t(id)", [ids.ToArray()], cancellationToken);

    /// <summary>The print of what is left of a set without a part of it.</summary>
    public IdPrint Without(IdPrint part) => new(Count - part.Count, Hash ^ part.Hash);
}
