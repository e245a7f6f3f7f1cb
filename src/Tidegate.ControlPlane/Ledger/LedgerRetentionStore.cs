using System.Globalization;
using Npgsql;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Ledger;

/// <summary>How long entries are kept, what has gone, and the one way in which they go.</summary>
public sealed class LedgerRetentionStore(NpgsqlDataSource database)
{
    /// <summary>What the entries of retention runs are about.</summary>
    public const string Step = "ledger-retention";

    /// <summary>Says how long entries are kept, with its ledger entry.</summary>
    /// <param name="days">Null for ever.</param>
    public async Task SetAsync(
        int? days,
        string actor,
        string? reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            with changed as (
                insert into ledger_retention (keep_days, actor, at) select $1, $2, $3 where $1 is not null
                on conflict (one) do update set keep_days = excluded.keep_days, actor = excluded.actor, at = excluded.at
            ), removed as (
                delete from ledger_retention where $1 is null
            )
            insert into ledger (at, kind, actor, step, reason) values ($3, 'command', $2, $4, $5)
            """
        );
        var what = days is { } some
            ? string.Create(CultureInfo.InvariantCulture, $"entries are kept for {some} days")
            : "entries are kept for ever";
        command.Parameters.Add(
            new NpgsqlParameter
            {
                Value = (object?)days ?? DBNull.Value,
                NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer,
            }
        );
        command.Bind(actor, now.ToUniversalTime(), Step, reason is null ? what : $"{what}: {reason}");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Keeps how far the witnesses of a home are, for runs of other homes too; one that it does not name is none any more.</summary>
    public async Task ReportAsync(
        string home,
        IReadOnlyCollection<(string Place, long? Kept)> witnesses,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var places = witnesses.GroupBy(witness => witness.Place, StringComparer.Ordinal).ToList();
        await using var command = database.CreateCommand(
            """
            with gone as (
                delete from ledger_witness where home = $1 and place <> all ($2::text[])
            )
            insert into ledger_witness (home, place, kept, at)
            select $1, w.place, nullif(w.kept, -1), $4 from unnest($2::text[], $3::bigint[]) w (place, kept)
            on conflict (home, place) do update set kept = excluded.kept, at = excluded.at
            """
        );
        command.Bind(
            home,
            places.Select(place => place.Key).ToArray(),
            places.Select(place => place.Min(witness => witness.Kept ?? -1)).ToArray(),
            now.ToUniversalTime()
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>All that decides what may go.</summary>
    public async Task<LedgerRetentionFacts> FactsAsync(CancellationToken cancellationToken)
    {
        var witnesses = new List<LedgerWitnessFact>();
        await using (
            var command = database.CreateCommand("select home, place, kept from ledger_witness order by home, place")
        )
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                witnesses.Add(
                    new(reader.GetString(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetInt64(2))
                );
            }
        }

        await using var rest = database.CreateCommand(
            """
            select r.keep_days, coalesce((select max(before) from ledger_drop), 0),
                   coalesce((select min(s.place) from ledger l join ledger_seal s on s.ledger = l.id
                              where l.at > now() - make_interval(days => r.keep_days)),
                            (select max(place) + 1 from ledger_seal), 0)
              from (select (select keep_days from ledger_retention) as keep_days) r
            """
        );
        await using var row = await rest.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new(row.IsDBNull(0) ? null : row.GetInt32(0), row.GetInt64(1), row.GetInt64(2), witnesses);
    }

    /// <summary>The newest checkpoint of at most so many entries that one key signed; null where there is none.</summary>
    public async Task<LedgerCheckpoint?> CheckpointAsync(long most, string key, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "select size, root, at, key, signature from ledger_checkpoint where size <= $1 and key = $2 order by size desc limit 1"
        );
        command.Bind(most, key);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new(
                row.GetInt64(0),
                row.GetString(1),
                row.GetFieldValue<DateTimeOffset>(2),
                row.GetString(3),
                row.GetString(4)
            )
            : null;
    }

    /// <summary>Records what is going to go, together with the entry that says so.</summary>
    public async Task AnnounceAsync(LedgerDrop drop, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            with said as (
                insert into ledger (at, kind, actor, step, reason) values ($7, 'intent', $6, $10, $11) returning id
            )
            insert into ledger_drop (before, first, root, export, sha256, actor, at, key, signature, ledger)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9, id from said
            """
        );
        command.Bind(
            drop.Before,
            drop.First,
            drop.Root,
            drop.Export,
            drop.Sha256,
            drop.Actor,
            drop.At.ToUniversalTime(),
            drop.Key,
            drop.Signature,
            Step,
            string.Create(
                CultureInfo.InvariantCulture,
                $"the contents of {drop.Before - drop.First} entries go, {drop.First} to {drop.Before - 1}: root {drop.Root}, written out to {drop.Export}, sha256 {drop.Sha256}, signed by {drop.Key}: {drop.Signature}"
            )
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>What keeps announced entries from going yet: its own entry has to be signed, and with every witness. Null when nothing does.</summary>
    public async Task<string?> WaitsForAsync(long before, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select case
                when s.place is null then 'its entry is not sealed'
                when not exists (select from ledger_checkpoint c where c.size > s.place) then 'its entry is not signed'
                else (select min(w.place || ' of home ' || w.home || ' has not confirmed its entry')
                        from ledger_witness w where w.kept is null or w.kept <= s.place) end
              from ledger_drop d left join ledger_seal s on s.ledger = d.ledger where d.before = $1
            """
        );
        command.Bind(before);
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    /// <summary>Whether contents of entries are still there that the run announced.</summary>
    public async Task<bool> IsUnfinishedAsync(LedgerDrop drop, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "select exists (select from ledger_seal s join ledger l on l.id = s.ledger where s.place >= $1 and s.place < $2)"
        );
        command.Bind(drop.First, drop.Before);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Has the contents of announced entries removed, from a place on. PostgreSQL itself sees to it that they may go.</summary>
    /// <returns>How many were still there.</returns>
    public async Task<long> DropAsync(long from, int most, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select ledger_drop_entries($1, $2)");
        command.Bind(from, most);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Writes that what was announced is done.</summary>
    public async Task EndAsync(LedgerDrop drop, string actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "insert into ledger (at, kind, actor, step, reason) values ($1, 'outcome', $2, $3, $4)"
        );
        command.Bind(
            now.ToUniversalTime(),
            actor,
            Step,
            string.Create(CultureInfo.InvariantCulture, $"the contents of entries before {drop.Before} are gone")
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
