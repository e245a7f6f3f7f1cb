using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Restores;

/// <summary>What one kind of document loses, row by row.</summary>
/// <param name="Created">In the live database only.</param>
/// <param name="Changed">In both, and not the same.</param>
/// <param name="Deleted">In the restored database only.</param>
internal sealed record LostRows(
    BusinessDocument Document,
    ImmutableArray<long> Created,
    ImmutableArray<long> Changed,
    ImmutableArray<long> Deleted
)
{
    public IEnumerable<long> Gone => Created.Concat(Changed);
}

/// <summary>
/// Compares the live database with the one that takes its place, while nobody can write to either: what differs is what
/// is lost. What only an upgrade in between has changed is no loss, where it can be told.
/// </summary>
internal sealed class LossMeasure
{
    private const int Batch = 5000;

    private readonly PostgresSession _live;
    private readonly PostgresSession _restored;
    private readonly WrittenRows _rows;
    private readonly TableColumns _before;
    private readonly string? _upgraded;

    private LossMeasure(
        PostgresSession live,
        PostgresSession restored,
        WrittenRows rows,
        TableColumns before,
        string? upgraded
    )
    {
        (_live, _restored, _rows, _before, _upgraded) = (live, restored, rows, before, upgraded);
    }

    public WrittenRows Rows => _rows;

    public static async Task<LossMeasure> BeginAsync(
        PostgresSession live,
        PostgresSession restored,
        WrittenSince since,
        CancellationToken cancellationToken
    )
    {
        var known = since with { Mails = since.Mails ?? await MailMarks.ReadAsync(restored, cancellationToken) };
        return new(
            live,
            restored,
            await WrittenRows.ReadAsync(live, known, DocumentReader.Tables, cancellationToken),
            await TableColumns.ReadAsync(restored, DocumentReader.Tables, cancellationToken),
            await WrittenRows.NewerThanAsync(live, since.Upgraded, cancellationToken)
        );
    }

    /// <summary>Of every kind that the live database has.</summary>
    public async Task<ImmutableArray<LostRows>> CompareAsync(CancellationToken cancellationToken)
    {
        var lost = ImmutableArray.CreateBuilder<LostRows>();
        foreach (var document in BusinessDocument.All.Where(document => _rows.Columns.Has(document.Table, "id")))
        {
            lost.Add(await CompareAsync(document, cancellationToken));
        }

        return lost.DrainToImmutable();
    }

    /// <summary>What a comparison comes to, for people and for the limit.</summary>
    public async Task<WrittenDocuments> SummariseAsync(LostRows lost, CancellationToken cancellationToken)
    {
        var document = lost.Document;
        var (amounts, last) = (ImmutableArray<Money>.Empty, (DateTimeOffset?)null);
        var gone = lost.Gone.ToList();
        if (gone.Count > 0)
        {
            var condition = $"t.id in ({string.Join(',', gone)})";
            amounts = await DocumentReader.AmountsAsync(_live, document, _rows.Columns, condition, cancellationToken);
            last = (
                await _live.QueryAsync(
                    $"select max({_rows.Last(document.Table)}) from public.{document.Table} t where {condition}",
                    [],
                    row => DocumentReader.Utc(row, 0),
                    cancellationToken
                )
            ).Single();
        }

        return new(
            document.Key,
            document.Of(gone.Count + lost.Deleted.Length),
            document.IsLine,
            lost.Created.Length,
            lost.Changed.Length,
            lost.Deleted.Length,
            amounts,
            last,
            CountedBy.Comparison
        );
    }

    private async Task<LostRows> CompareAsync(BusinessDocument document, CancellationToken cancellationToken)
    {
        var (live, restored) = await BothDatabases.AtOnceAsync(
            TouchedAsync(document, cancellationToken),
            IdPrintAsync(document, cancellationToken)
        );
        var before = await BeforeAsync(document, [.. live.Written.Union(live.MayBeChanged)], cancellationToken);
        ImmutableArray<long> created = [.. live.Written.Where(id => !before.Contains(id)).Order()];
        var changed = await ChangedAsync(
            document.Table,
            [.. live.MayBeChanged.Where(before.Contains)],
            cancellationToken
        );
        var isAnyGone =
            restored is { } all && all != live.All.Without(await IdPrint.OfAsync(_live, created, cancellationToken));
        return new(document, created, changed, isAnyGone ? await DeletedAsync(document, cancellationToken) : []);
    }

    /// <summary>All of the live database's rows of a kind, in one look: the shop waits meanwhile.</summary>
    private async Task<Touched> TouchedAsync(BusinessDocument document, CancellationToken cancellationToken)
    {
        var table = document.Table;
        return (
            await _live.QueryAsync(
                $"""
                select {IdPrint.Columns}, array_agg(t.id::bigint) filter (where {Written(table)}),
                       array_agg(t.id::bigint) filter (where {MayBeChanged(table)})
                  from public.{table} t where {DocumentReader.Filter(document, _rows.Columns)}
                """,
                [],
                row => new Touched(IdPrint.Read(row), Ids(row, 2), Ids(row, 3)),
                cancellationToken
            )
        ).Single();

        static long[] Ids(NpgsqlDataReader row, int column) =>
            row.IsDBNull(column) ? [] : row.GetFieldValue<long[]>(column);
    }

    /// <summary>Of all of the restored database's rows of a kind; null where it has none of that kind at all.</summary>
    private async Task<IdPrint?> IdPrintAsync(BusinessDocument document, CancellationToken cancellationToken) =>
        _before.Has(document.Table, "id")
            ? await IdPrint.ReadAsync(
                _restored,
                $"public.{document.Table} t where {DocumentReader.Filter(document, _before)}",
                [],
                cancellationToken
            )
            : null;

    /// <summary>Which of these rows the restored database has.</summary>
    private async Task<HashSet<long>> BeforeAsync(
        BusinessDocument document,
        long[] ids,
        CancellationToken cancellationToken
    ) =>
        _before.Has(document.Table, "id")
            ?
            [
                .. await _restored.QueryAsync(
                    $"select t.id::bigint from public.{document.Table} t where {DocumentReader.Filter(document, _before)} and t.id = any($1)",
                    [ids],
                    row => row.GetInt64(0),
                    cancellationToken
                ),
            ]
            : [];

    /// <summary>What only the restored database has.</summary>
    private async Task<ImmutableArray<long>> DeletedAsync(
        BusinessDocument document,
        CancellationToken cancellationToken
    )
    {
        var (there, gone) = await BothDatabases.AtOnceAsync(
            IdsAsync(_live, document.Table, DocumentReader.Filter(document, _rows.Columns), cancellationToken),
            IdsAsync(_restored, document.Table, DocumentReader.Filter(document, _before), cancellationToken)
        );
        return [.. gone.Except(there).Order()];
    }

    private static Task<ImmutableArray<long>> IdsAsync(
        PostgresSession session,
        string table,
        string filter,
        CancellationToken cancellationToken
    ) =>
        session.QueryAsync(
            $"select t.id::bigint from public.{table} t where {filter}",
            [],
            row => row.GetInt64(0),
            cancellationToken
        );

    /// <summary>A row that the restored database lacks is lost, unless only the upgrade made it.</summary>
    private string Written(string table) =>
        _rows.IsByTransaction ? _rows.Condition(table)!
        : _upgraded is { } newer && _rows.IsCreated(table) is { } created ? $"({newer} or {created})"
        : "true";

    /// <summary>All that were written; where that is not known by transaction, all that an upgrade since has not only migrated.</summary>
    private string MayBeChanged(string table) =>
        _rows.IsByTransaction ? _rows.Condition(table)!
        : _upgraded is { } newer ? $"coalesce({newer} or {_rows.Condition(table) ?? "false"}, false)"
        : "true";

    private async Task<ImmutableArray<long>> ChangedAsync(
        string table,
        ImmutableArray<long> ids,
        CancellationToken cancellationToken
    )
    {
        var columns = _rows
            .Columns.Of(table)
            .Where(column => _before.Of(table).GetValueOrDefault(column.Key) == column.Value)
            .Select(column => $"t.{Sql.Name(column.Key)}");
        var query =
            $"select t.id::bigint, md5(row({string.Join(", ", columns)})::text) from public.{table} t where t.id = any($1)";
        var changed = ImmutableArray.CreateBuilder<long>();
        foreach (var batch in ids.Chunk(Batch))
        {
            var (now, before) = await BothDatabases.AtOnceAsync(
                HashesAsync(_live, query, batch, cancellationToken),
                HashesAsync(_restored, query, batch, cancellationToken)
            );
            changed.AddRange(
                now.Where(row => !string.Equals(before[row.Key], row.Value, StringComparison.Ordinal))
                    .Select(row => row.Key)
            );
        }

        changed.Sort();
        return changed.DrainToImmutable();
    }

    private static async Task<Dictionary<long, string>> HashesAsync(
        PostgresSession session,
        string query,
        long[] ids,
        CancellationToken cancellationToken
    ) =>
        (
            await session.QueryAsync(query, [ids], row => (row.GetInt64(0), row.GetString(1)), cancellationToken)
        ).ToDictionary(row => row.Item1, row => row.Item2);

    /// <param name="All">Of all rows of a kind.</param>
    /// <param name="Written">Those written since the point.</param>
    /// <param name="MayBeChanged">Those to be compared, where both databases have them.</param>
    private sealed record Touched(IdPrint All, long[] Written, long[] MayBeChanged);
}
