using System.Collections.Immutable;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Restores;

/// <summary>How far a sequence of PostgreSQL has counted: ids of records, which others outside may know, and Odoo's numbers of kind "standard".</summary>
/// <param name="Last">The last number that was given out; the next one where <paramref name="IsCalled"/> is false.</param>
internal sealed record PostgresCounter(long Last, bool IsCalled, long Step)
{
    public long Next => IsCalled ? Last + Step : Last;

    /// <summary>Whether it has given out what another, which gives out <paramref name="next"/> now, would give out again.</summary>
    public bool IsBeyond(long next) => Step > 0 ? Next > next : Next < next;

    /// <summary>All of a database, by name. Signals of Odoo's processes are no numbers, and raised elsewhere.</summary>
    public static async Task<ImmutableDictionary<string, PostgresCounter>> ReadAsync(
        PostgresSession session,
        CancellationToken cancellationToken
    )
    {
        var steps = await session.QueryAsync(
            "select sequencename::text, increment_by from pg_sequences where schemaname = 'public' and sequencename !~ 'signaling'",
            [],
            row => (Name: row.GetString(0), Step: row.GetInt64(1)),
            cancellationToken
        );
        if (steps.IsEmpty)
        {
            return ImmutableDictionary<string, PostgresCounter>.Empty;
        }

        // The catalogue does not tell whether a sequence that was set has been called since.
        var states = string.Join(
            " union all ",
            steps.Select(sequence =>
                $"select {Sql.Text(sequence.Name)}, last_value, is_called from public.{Sql.Name(sequence.Name)}"
            )
        );
        var step = steps.ToDictionary(sequence => sequence.Name, sequence => sequence.Step, StringComparer.Ordinal);
        return (
            await session.QueryAsync(
                states,
                [],
                row => (Name: row.GetString(0), Last: row.GetInt64(1), IsCalled: row.GetBoolean(2)),
                cancellationToken
            )
        ).ToImmutableDictionary(
            row => row.Name,
            row => new PostgresCounter(row.Last, row.IsCalled, step[row.Name]),
            StringComparer.Ordinal
        );
    }

    public static Task SetAsync(
        PostgresSession session,
        IReadOnlyCollection<KeyValuePair<string, PostgresCounter>> counters,
        CancellationToken cancellationToken
    ) =>
        counters.Count is 0
            ? Task.CompletedTask
            : session.ExecuteAsync(
                """
                select setval(format('public.%I', c.name)::regclass, c.last, c.is_called)
                  from unnest($1::text[], $2::bigint[], $3::boolean[]) c (name, last, is_called)
                """,
                [
                    counters.Select(counter => counter.Key).ToArray(),
                    counters.Select(counter => counter.Value.Last).ToArray(),
                    counters.Select(counter => counter.Value.IsCalled).ToArray(),
                ],
                cancellationToken
            );
}
