using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Restores;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Restores;

/// <summary>Counts what was written of each kind of business document.</summary>
internal sealed class DocumentReader(PostgresSession session, WrittenRows rows)
{
    /// <summary>The tables that are looked at, of this and of <see cref="LeftReader"/>.</summary>
    public static readonly ImmutableArray<string> Tables =
    [
        .. BusinessDocument
            .All.Select(document => document.Table)
            .Concat(LeftReader.Tables)
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Of the kinds that this database has.</summary>
    public async Task<ImmutableArray<WrittenDocuments>> ReadAsync(CancellationToken cancellationToken)
    {
        var written = ImmutableArray.CreateBuilder<WrittenDocuments>();
        foreach (var document in BusinessDocument.All.Where(document => rows.Columns.Has(document.Table)))
        {
            written.Add(await ReadAsync(document, cancellationToken));
        }

        return written.DrainToImmutable();
    }

    /// <summary>The rows of a table that are this kind's, as SQL.</summary>
    public static string Filter(BusinessDocument document, TableColumns columns) =>
        document is { Filter: { } filter, Needs: { } needs } && columns.Has(document.Table, needs) ? $"({filter})"
        : document.Filter is null || document.Key is "invoices" ? "true"
        : "false";

    /// <summary>Sums of a kind's amounts by currency, over rows that meet a condition.</summary>
    public static Task<ImmutableArray<Money>> AmountsAsync(
        PostgresSession session,
        BusinessDocument document,
        TableColumns columns,
        string condition,
        CancellationToken cancellationToken
    )
    {
        if (document.Amount is not { } amount || !columns.Has(document.Table, amount))
        {
            return Task.FromResult(ImmutableArray<Money>.Empty);
        }

        var hasCurrency = columns.Has(document.Table, "currency_id") && columns.Has("res_currency");
        return session.QueryAsync(
            $"""
            select sum(t.{amount})::numeric, coalesce({(hasCurrency ? "c.name" : "null")}, '')
              from public.{document.Table} t {(
                hasCurrency ? "left join public.res_currency c on c.id = t.currency_id" : ""
            )}
             where {condition} group by 2 having sum(t.{amount}) is not null order by 2
            """,
            [],
            row => new Money(row.GetDecimal(0), row.GetString(1)),
            cancellationToken
        );
    }

    private async Task<WrittenDocuments> ReadAsync(BusinessDocument document, CancellationToken cancellationToken)
    {
        if (rows.Condition(document.Table) is not { } written)
        {
            return Unknown(document, "its rows say nothing of when they were written");
        }

        var condition = $"{Filter(document, rows.Columns)} and {written}";
        try
        {
            var (created, changed, last) = (
                await session.QueryAsync(
                    $"""
                    select count(*) filter (where {rows.IsCreated(document.Table) ?? "false"}), count(*),
                           max({rows.Last(document.Table)})
                      from public.{document.Table} t where {condition}
                    """,
                    [],
                    row => (row.GetInt64(0), row.GetInt64(1) - row.GetInt64(0), Utc(row, 2)),
                    cancellationToken
                )
            ).Single();
            return new(
                document.Key,
                document.Of(created + changed),
                document.IsLine,
                created,
                changed,
                null,
                created + changed == 0
                    ? []
                    : await AmountsAsync(session, document, rows.Columns, condition, cancellationToken),
                last,
                rows.How
            );
        }
        catch (PostgresException unreadable)
        {
            return Unknown(document, $"it cannot be read: {unreadable.MessageText}");
        }
    }

    private WrittenDocuments Unknown(BusinessDocument document, string why) =>
        new(document.Key, document.Plural, document.IsLine, 0, 0, null, [], null, rows.How, why);

    internal static DateTimeOffset? Utc(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column)
            ? null
            : new DateTimeOffset(DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc));
}
