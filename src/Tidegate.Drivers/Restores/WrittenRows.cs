using System.Globalization;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Restores;

/// <summary>
/// Which rows of a table were written since a point, as a condition about alias <c>t</c>. Best by the number of the
/// transaction that wrote a row, which PostgreSQL keeps in it: that also finds what was written past Odoo.
/// </summary>
internal sealed class WrittenRows
{
    // Numbers of transactions come again after 2^32; halfway there the comparison turns round.
    private const long FarthestBack = 1L << 30;

    private static readonly string[] Noted = ["create_date", "write_date"];

    private readonly TableColumns _columns;
    private readonly WrittenSince _since;
    private readonly string? _transaction;

    private WrittenRows(TableColumns columns, WrittenSince since, string? transaction)
    {
        _columns = columns;
        _since = since;
        _transaction = transaction;
    }

    public TableColumns Columns => _columns;

    public WrittenSince Since => _since;

    /// <summary>Whether rows are found by the transactions that wrote them.</summary>
    public bool IsByTransaction => _transaction is not null;

    public static async Task<WrittenRows> ReadAsync(
        PostgresSession session,
        WrittenSince since,
        IEnumerable<string> tables,
        CancellationToken cancellationToken
    ) =>
        new(
            await TableColumns.ReadAsync(session, tables, cancellationToken),
            since,
            await ShortAsync(session, since.Transaction, cancellationToken)
        );

    /// <summary>Rows that a transaction with a higher number than this one wrote; null when the number is too far back.</summary>
    public static async Task<string?> NewerThanAsync(
        PostgresSession session,
        string? transaction,
        CancellationToken cancellationToken
    ) => await ShortAsync(session, transaction, cancellationToken) is { } number ? Newer(number) : null;

    /// <summary>The condition; null when nothing tells.</summary>
    public string? Condition(string table) =>
        _transaction is { } number ? Newer(number)
        : Dates(table) is { Length: > 0 } dates ? $"({string.Join(" or ", dates.Select(date => $"{date} > {Point}"))})"
        : null;

    /// <summary>That a written row was made since, and was not there before; null when nothing tells.</summary>
    public string? IsCreated(string table) =>
        _columns.Has(table, "create_date") ? $"coalesce(t.create_date > {Point}, false)" : null;

    /// <summary>When a row was last written, as Odoo notes it: in UTC, without a zone.</summary>
    public string Last(string table) =>
        Dates(table) is { Length: > 0 } dates ? $"greatest({string.Join(", ", dates)})" : "null::timestamp";

    public CountedBy How => IsByTransaction ? CountedBy.Transaction : CountedBy.Dates;

    private string Point =>
        $"'{_since.Point.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}'::timestamp";

    private string[] Dates(string table) =>
        [.. Noted.Where(column => _columns.Has(table, column)).Select(column => $"t.{column}")];

    private static string Newer(string number) => $"age(t.xmin) < age('{number}'::xid)";

    private static async Task<string?> ShortAsync(
        PostgresSession session,
        string? transaction,
        CancellationToken cancellationToken
    )
    {
        if (
            transaction is null
            || !long.TryParse(transaction, NumberStyles.None, CultureInfo.InvariantCulture, out var full)
        )
        {
            return null;
        }

        var now = long.Parse(
            (
                await session.ScalarAsync<string>(
                    "select pg_snapshot_xmax(pg_current_snapshot())::text",
                    [],
                    cancellationToken
                )
            )!,
            CultureInfo.InvariantCulture
        );
        return now >= full && now - full < FarthestBack
            ? (full & uint.MaxValue).ToString(CultureInfo.InvariantCulture)
            : null;
    }
}
