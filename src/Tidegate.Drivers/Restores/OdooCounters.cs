using System.Collections.Immutable;
using System.Globalization;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Restores;

/// <summary>
/// Odoo's own counters: <c>ir_sequence</c> with its date ranges, which count in a column ("no gap") or in a sequence of
/// PostgreSQL ("standard"), and columns of a till's session.
/// </summary>
internal sealed class OdooCounters
{
    private const string Standard = "standard";

    /// <summary>Counters in columns, each of the record with the same id. Odoo 19 has none of them any more.</summary>
    private static readonly ImmutableArray<(string Table, string Column)> Columns =
    [
        ("pos_session", "login_number"),
        ("pos_session", "sequence_number"),
    ];

    private readonly PostgresSession _restored;
    private readonly ImmutableDictionary<string, PostgresCounter> _live;
    private readonly ImmutableDictionary<string, PostgresCounter> _before;

    private OdooCounters(
        PostgresSession restored,
        ImmutableDictionary<string, PostgresCounter> live,
        ImmutableDictionary<string, PostgresCounter> before
    )
    {
        (_restored, _live, _before) = (restored, live, before);
    }

    /// <param name="counters">The live database's sequences of PostgreSQL.</param>
    /// <param name="raisedCounters">The restored database's: those of the same names are raised already.</param>
    public static async Task<RaisedNumbers> RaiseAsync(
        PostgresSession live,
        PostgresSession restored,
        ImmutableDictionary<string, PostgresCounter> counters,
        ImmutableDictionary<string, PostgresCounter> raisedCounters,
        CancellationToken cancellationToken
    )
    {
        string[] tables = ["ir_sequence", "ir_sequence_date_range", .. Columns.Select(column => column.Table)];
        var (now, before) = (
            await TableColumns.ReadAsync(live, tables, cancellationToken),
            await TableColumns.ReadAsync(restored, tables, cancellationToken)
        );
        var raised = await ColumnsAsync(live, restored, now, before, cancellationToken);
        if (!now.Has("ir_sequence", "implementation") || !before.Has("ir_sequence", "implementation"))
        {
            return new(raised, []);
        }

        var known = await SequencesAsync(restored, cancellationToken);
        var odoo = new OdooCounters(restored, counters, raisedCounters);
        var gone = ImmutableArray.CreateBuilder<string>();
        var ranges = now.Has("ir_sequence_date_range") && before.Has("ir_sequence_date_range");
        var (dates, datesBefore) = ranges
            ? (await RangesAsync(live, cancellationToken), await RangesAsync(restored, cancellationToken))
            : ([], []);
        foreach (var sequence in (await SequencesAsync(live, cancellationToken)).Values)
        {
            var its = dates.Where(range => range.Sequence == sequence.Id).ToList();
            if (!known.TryGetValue(sequence.Id, out var old))
            {
                gone.AddRange(odoo.Gone(sequence, its));
                continue;
            }

            raised += await odoo.RaiseAsync(
                "ir_sequence",
                old,
                old.Id,
                old.Counter,
                odoo.Next(sequence, sequence.Counter, sequence.Given),
                cancellationToken
            );
            foreach (var range in its)
            {
                raised += await odoo.RaiseAsync(
                    old,
                    range,
                    odoo.Next(sequence, range.Counter, range.Given),
                    [.. datesBefore.Where(other => other.Sequence == old.Id && other.Covers(range))],
                    cancellationToken
                );
            }
        }

        return new(raised, gone.DrainToImmutable());
    }

    /// <summary>What a counter gives out next.</summary>
    private long Next(Sequence sequence, string counter, long column) =>
        sequence.IsStandard ? _live.GetValueOrDefault(counter)?.Next ?? column : column;

    /// <summary>A range that Odoo made since, as it does in each year, is made here too: Odoo would begin it at one again.</summary>
    private async Task<int> RaiseAsync(
        Sequence sequence,
        DateRange range,
        long next,
        ImmutableArray<DateRange> there,
        CancellationToken cancellationToken
    )
    {
        if (there.IsEmpty)
        {
            await MakeAsync(sequence, range, next, cancellationToken);
            return 1;
        }

        var raised = 0;
        foreach (var old in there)
        {
            raised += await RaiseAsync(
                "ir_sequence_date_range",
                sequence,
                old.Id,
                old.Counter,
                next,
                cancellationToken
            );
        }

        return raised;
    }

    private async Task<int> RaiseAsync(
        string table,
        Sequence sequence,
        long id,
        string counter,
        long next,
        CancellationToken cancellationToken
    )
    {
        if (!sequence.IsStandard)
        {
            return await _restored.ExecuteAsync(
                $"update public.{table} set number_next = $2 where id = $1 and number_next {(sequence.Step > 0 ? "<" : ">")} $2",
                [id, next],
                cancellationToken
            );
        }

        var wanted = new PostgresCounter(next, IsCalled: false, sequence.Step);
        if (_before.GetValueOrDefault(counter) is not { } old || !wanted.IsBeyond(old.Next))
        {
            return 0;
        }

        await PostgresCounter.SetAsync(_restored, [new(counter, wanted)], cancellationToken);
        return 1;
    }

    private async Task MakeAsync(Sequence sequence, DateRange range, long next, CancellationToken cancellationToken)
    {
        var id = await _restored.ScalarAsync<int>(
            """
            insert into public.ir_sequence_date_range
                   (sequence_id, date_from, date_to, number_next, create_uid, write_uid, create_date, write_date)
            values ($1, $2, $3, $4, 1, 1, now() at time zone 'utc', now() at time zone 'utc')
            returning id
            """,
            [(int)sequence.Id, range.From, range.To, (int)next],
            cancellationToken
        );
        if (sequence.IsStandard)
        {
            await _restored.ExecuteAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"create sequence public.{Sql.Name(DateRange.CounterOf(sequence.Id, id))} increment by {sequence.Step} start with {next}"
                ),
                cancellationToken
            );
        }
    }

    /// <summary>A sequence that the restored database lacks, where it has given out anything.</summary>
    private IEnumerable<string> Gone(Sequence sequence, List<DateRange> ranges)
    {
        const int First = 1;
        var counters = ranges
            .Select(range => (Of: $" of {range.From:yyyy-MM-dd}", Next: Next(sequence, range.Counter, range.Given)))
            .Prepend((Of: "", Next: Next(sequence, sequence.Counter, sequence.Given)));
        return counters
            .Where(counter => counter.Next != First)
            .Select(counter =>
                string.Create(CultureInfo.InvariantCulture, $"\"{sequence.Name}\"{counter.Of} {counter.Next}")
            );
    }

    private static async Task<int> ColumnsAsync(
        PostgresSession live,
        PostgresSession restored,
        TableColumns now,
        TableColumns before,
        CancellationToken cancellationToken
    )
    {
        var raised = 0;
        foreach (
            var (table, column) in Columns.Where(key =>
                now.Has(key.Table, key.Column) && before.Has(key.Table, key.Column)
            )
        )
        {
            var values = await live.QueryAsync(
                $"select id::bigint, {column}::bigint from public.{table} where {column} is not null order by id",
                [],
                row => (Id: row.GetInt64(0), Value: row.GetInt64(1)),
                cancellationToken
            );
            raised += await restored.ExecuteAsync(
                $"""
                update public.{table} t set {column} = given.value
                  from unnest($1::bigint[], $2::bigint[]) given (id, value)
                 where t.id = given.id and t.{column} < given.value
                """,
                [values.Select(row => row.Id).ToArray(), values.Select(row => row.Value).ToArray()],
                cancellationToken
            );
        }

        return raised;
    }

    private static async Task<Dictionary<long, Sequence>> SequencesAsync(
        PostgresSession session,
        CancellationToken cancellationToken
    ) =>
        (
            await session.QueryAsync(
                "select id::bigint, name::text, implementation::text, number_next::bigint, number_increment::bigint from public.ir_sequence order by id",
                [],
                row => new Sequence(
                    row.GetInt64(0),
                    row.GetString(1),
                    row.GetString(2) is Standard,
                    row.GetInt64(3),
                    row.GetInt64(4)
                ),
                cancellationToken
            )
        ).ToDictionary(sequence => sequence.Id);

    private static Task<ImmutableArray<DateRange>> RangesAsync(
        PostgresSession session,
        CancellationToken cancellationToken
    ) =>
        session.QueryAsync(
            "select id::bigint, sequence_id::bigint, date_from, date_to, number_next::bigint from public.ir_sequence_date_range order by id",
            [],
            row => new DateRange(
                row.GetInt64(0),
                row.GetInt64(1),
                row.GetFieldValue<DateOnly>(2),
                row.GetFieldValue<DateOnly>(3),
                row.GetInt64(4)
            ),
            cancellationToken
        );

    /// <param name="Given">Its column: what it gives out next, where it counts there.</param>
    private sealed record Sequence(long Id, string Name, bool IsStandard, long Given, long Step)
    {
        /// <summary>As Odoo names it.</summary>
        public string Counter => string.Create(CultureInfo.InvariantCulture, $"ir_sequence_{Id:000}");
    }

    private sealed record DateRange(long Id, long Sequence, DateOnly From, DateOnly To, long Given)
    {
        public string Counter => CounterOf(Sequence, Id);

        public static string CounterOf(long sequence, long range) =>
            string.Create(CultureInfo.InvariantCulture, $"ir_sequence_{sequence:000}_{range:000}");

        /// <summary>Whether what the other numbers, or numbered once, is numbered by this one.</summary>
        public bool Covers(DateRange other) => Id == other.Id || (From <= other.To && other.From <= To);
    }
}
