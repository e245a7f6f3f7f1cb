using System.Buffers;
using System.Globalization;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Ledger;

/// <content>Sealed entries in bulk.</content>
public sealed partial class LedgerStore
{
    private const int Room = 1 << 21;

    /// <summary>
    /// The sealed entries of some places in their order, as PostgreSQL sends them, behind the seal that is before them if
    /// there is one. Whoever is slow with them holds no connection and no snapshot.
    /// </summary>
    /// <returns>Rented: whoever asks disposes of them.</returns>
    internal async Task<SealedRows> RowsAsync(long from, long to, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // The entry of each seal is looked up: whatever PostgreSQL believes of the tables, it never reads one whole.
        await using var sent = await connection.BeginRawBinaryCopyAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                copy (
                  select s.place, s.hash, {SealedRows.Columns} from ledger_seal s
                    left join lateral (select * from ledger l where l.id = s.ledger offset 0) l on true
                   where s.place >= coalesce((select max(place) from ledger_seal where place < {from}), 0) and s.place < {to}
                   order by s.place
                ) to stdout (format binary)
                """
            ),
            cancellationToken
        );
        var (rows, length) = (ArrayPool<byte>.Shared.Rent(Room), 0);
        while (await sent.ReadAsync(rows.AsMemory(length), cancellationToken) is > 0 and var read)
        {
            length += read;
            if (length == rows.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(2 * length);
                rows.CopyTo(larger, 0);
                ArrayPool<byte>.Shared.Return(rows);
                rows = larger;
            }
        }

        return new(rows, length);
    }

    /// <summary>What the last retention run announced; null before the first.</summary>
    public async Task<LedgerDrop?> LastDropAsync(CancellationToken cancellationToken) =>
        await DropsAsync(1, cancellationToken) is [var last] ? last : null;

    /// <summary>What retention runs announced, the newest first.</summary>
    public async Task<IReadOnlyList<LedgerDrop>> DropsAsync(int most, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "select before, first, root, export, sha256, actor, at, key, signature from ledger_drop order by before desc limit $1"
        );
        command.Bind(most);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var drops = new List<LedgerDrop>();
        while (await row.ReadAsync(cancellationToken))
        {
            drops.Add(
                new(
                    row.GetInt64(0),
                    row.GetInt64(1),
                    row.GetString(2),
                    row.GetString(3),
                    row.GetString(4),
                    row.GetString(5),
                    row.GetFieldValue<DateTimeOffset>(6),
                    row.GetString(7),
                    row.GetString(8)
                )
            );
        }

        return drops;
    }
}
