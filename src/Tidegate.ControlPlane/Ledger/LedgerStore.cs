using System.Runtime.CompilerServices;
using Npgsql;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Ledger;

/// <summary>The ledger as it is stored. Entries are written by whoever does what they tell of, in the same transaction; here they are read and sealed.</summary>
public sealed partial class LedgerStore(NpgsqlDataSource database)
{
    private const string Columns =
        "l.id, l.at, l.kind, l.actor, l.rollout, l.upgrade, l.tenant, l.step, l.epoch, l.digest, l.reason";

    /// <summary>
    /// Has what is not sealed yet sealed, unless another server is at it. An entry may become visible after one with a higher
    /// number: what is not sealed is looked for above <paramref name="floor"/>, below which nothing is missing.
    /// </summary>
    /// <param name="seal">Gets where the last sealed one is and what is next; gives the seals, and a checkpoint or null.</param>
    /// <returns>What was sealed; null when another server is at it.</returns>
    public async Task<SealedBatch?> SealAsync(
        long floor,
        int most,
        Func<SealedEnd, IReadOnlyList<LedgerEntry>, CancellationToken, Task<NewSeals>> seal,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var turn = connection.CreateCommand())
        {
            // Who stands still in the middle of its turn is put out of it by PostgreSQL, so that another can go on.
            turn.CommandText = """
                set local idle_in_transaction_session_timeout = '3s';
                set local statement_timeout = '20s';
                select pg_try_advisory_xact_lock(hashtext('tidegate ledger'))
                """;
            if (!(bool)(await turn.ExecuteScalarAsync(cancellationToken))!)
            {
                return null;
            }
        }

        var end = await EndAsync(connection, cancellationToken);
        var waiting = await WaitingAsync(connection, floor, most, cancellationToken);
        var made = await seal(end, waiting, cancellationToken);
        if (made.Hashes.Count > 0)
        {
            await WriteAsync(connection, end.Size, waiting, made.Hashes, cancellationToken);
        }

        if (made.Checkpoint is { } checkpoint)
        {
            await WriteAsync(connection, checkpoint, made.Peaks, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return new(waiting.Count == most, waiting.Count > 0 ? waiting[^1].Id : floor);
    }

    /// <summary>What above a floor is not sealed, and what the floor may become, all as of one instant.</summary>
    public async Task<LedgerLook> LookAsync(long floor, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select w.count, clock_timestamp() - w.oldest, w.lowest, coalesce((select max(id) from ledger), 0),
                   array(select virtualtransaction from pg_locks
                          where locktype = 'relation' and relation = 'ledger'::regclass and mode = 'RowExclusiveLock'
                            and database = (select oid from pg_database where datname = current_database()))
              from (
                select count(*), min(l.at) as oldest, min(l.id) as lowest from ledger l
                 where l.id > $1
                   and not exists (select from ledger_seal s where s.ledger = l.id and s.ledger > $1)) w
            """
        );
        command.Bind(floor);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new(
            row.GetInt64(0),
            row.IsDBNull(1) ? null : row.GetFieldValue<TimeSpan>(1),
            row.IsDBNull(2) ? null : row.GetInt64(2),
            row.GetInt64(3),
            row.GetFieldValue<string[]>(4)
        );
    }

    /// <summary>How many entries are sealed.</summary>
    public async Task<long> SizeAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select coalesce(max(place) + 1, 0) from ledger_seal");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>What was sealed from a place on, in order.</summary>
    public async IAsyncEnumerable<byte[]> HashesAsync(
        long from,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            "select hash from ledger_seal where place >= $1 order by place"
        );
        command.Bind(from);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return reader.GetFieldValue<byte[]>(0);
        }
    }

    /// <summary>The sealed entry at a place; null where there is none.</summary>
    public async Task<LedgerEntry?> AtAsync(long place, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"select {Columns} from ledger_seal s join ledger l on l.id = s.ledger where s.place = $1"
        );
        command.Bind(place);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Entry(reader) : null;
    }

    /// <summary>Every checkpoint, the smallest first.</summary>
    public Task<IReadOnlyList<LedgerCheckpoint>> CheckpointsAsync(CancellationToken cancellationToken) =>
        CheckpointsAsync(above: -1, int.MaxValue, cancellationToken);

    /// <summary>Checkpoints of more entries than so many, the smallest first.</summary>
    public async Task<IReadOnlyList<LedgerCheckpoint>> CheckpointsAsync(
        long above,
        int most,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            "select size, root, at, key, signature from ledger_checkpoint where size > $1 order by size limit $2"
        );
        command.Bind(above, most);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var checkpoints = new List<LedgerCheckpoint>();
        while (await reader.ReadAsync(cancellationToken))
        {
            checkpoints.Add(Checkpoint(reader));
        }

        return checkpoints;
    }

    /// <summary>Sizes of those among checkpoints that this database never signed.</summary>
    public async Task<IReadOnlyList<long>> UnheardAsync(
        IReadOnlyCollection<KeptCheckpoint> kept,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select k.size from unnest($1::bigint[], $2::text[]) k (size, root)
             where not exists (select from ledger_checkpoint c where c.size = k.size and c.root = k.root)
            """
        );
        command.Bind(kept.Select(one => one.Size).ToArray(), kept.Select(one => one.Root).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var unheard = new List<long>();
        while (await reader.ReadAsync(cancellationToken))
        {
            unheard.Add(reader.GetInt64(0));
        }

        return unheard;
    }

    /// <summary>The newest checkpoint with the peaks of its tree; null before the first.</summary>
    public async Task<(LedgerCheckpoint Checkpoint, byte[] Peaks)?> LastCheckpointAsync(
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            "select size, root, at, key, signature, peaks from ledger_checkpoint order by size desc limit 1"
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (Checkpoint(reader), reader.GetFieldValue<byte[]>(5)) : null;
    }

    /// <summary>Entries that a question fits, the newest first.</summary>
    public async Task<IReadOnlyList<(LedgerEntry Entry, long? Place)>> FindAsync(
        LedgerQuestion question,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            $"""
            select {Columns}, s.place from ledger l left join ledger_seal s on s.ledger = l.id
             where ($1::text is null or l.actor = $1) and ($2::text is null or l.tenant = $2)
               and ($3::text is null or l.rollout = $3) and ($4::text is null or l.digest like $4 || '%')
               and ($5::timestamptz is null or l.at >= $5) and ($6::timestamptz is null or l.at < $6)
               and ($7::text is null or l.step = $7) and ($8::bigint is null or l.id < $8)
               and ($9::text is null or l.digest in (select r.digest from release r where r.name = $9))
               and ($10::text is null or strpos(lower(concat_ws(' ', l.kind, l.step, l.reason)), lower($10)) > 0)
             order by l.id desc limit $11
            """
        );
        command.Bind(
            question.Actor,
            question.Tenant,
            question.Rollout,
            question.Digest,
            question.Since?.ToUniversalTime(),
            question.Until?.ToUniversalTime(),
            question.Step,
            question.Before,
            question.Release,
            question.What,
            question.Most
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<(LedgerEntry, long?)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add((Entry(reader), reader.IsDBNull(11) ? null : reader.GetInt64(11)));
        }

        return found;
    }

    private static async Task<SealedEnd> EndAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "select place + 1, hash from ledger_seal order by place desc limit 1";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(reader.GetInt64(0), Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(1)))
            : new(0, LedgerEntry.NoPrevious);
    }

    private static async Task<IReadOnlyList<LedgerEntry>> WaitingAsync(
        NpgsqlConnection connection,
        long floor,
        int most,
        CancellationToken cancellationToken
    )
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            select {Columns} from ledger l
             where l.id > $1 and not exists (select from ledger_seal s where s.ledger = l.id and s.ledger > $1)
             order by l.id limit $2
            """;
        command.Bind(floor, most);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var waiting = new List<LedgerEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            waiting.Add(Entry(reader));
        }

        return waiting;
    }

    private static async Task WriteAsync(
        NpgsqlConnection connection,
        long from,
        IReadOnlyList<LedgerEntry> entries,
        IReadOnlyList<byte[]> hashes,
        CancellationToken cancellationToken
    )
    {
        // Not by COPY: a server that stands still within one keeps PostgreSQL from dropping any database.
        await using var command = connection.CreateCommand();
        command.CommandText = """
            insert into ledger_seal (place, ledger, hash)
            select $1 + seal.place - 1, seal.ledger, seal.hash
              from unnest($2::bigint[], $3::bytea[]) with ordinality seal (ledger, hash, place)
            """;
        command.Bind(from, entries.Select(entry => entry.Id).ToArray(), hashes.ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task WriteAsync(
        NpgsqlConnection connection,
        LedgerCheckpoint checkpoint,
        byte[] peaks,
        CancellationToken cancellationToken
    )
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            "insert into ledger_checkpoint (size, root, at, key, signature, peaks) values ($1, $2, $3, $4, $5, $6) on conflict do nothing";
        command.Bind(
            checkpoint.Size,
            checkpoint.Root,
            checkpoint.At.ToUniversalTime(),
            checkpoint.Key,
            checkpoint.Signature,
            peaks
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static LedgerCheckpoint Checkpoint(NpgsqlDataReader row) =>
        new(
            row.GetInt64(0),
            row.GetString(1),
            row.GetFieldValue<DateTimeOffset>(2),
            row.GetString(3),
            row.GetString(4)
        );

    private static LedgerEntry Entry(NpgsqlDataReader row) =>
        new(
            row.GetInt64(0),
            row.GetFieldValue<DateTimeOffset>(1),
            row.GetString(2),
            row.GetString(3),
            row.Text(4),
            row.Text(5),
            row.Text(6),
            row.Text(7),
            row.IsDBNull(8) ? null : row.GetInt64(8),
            row.Text(9),
            row.Text(10)
        );
}

/// <summary>Where the seals end.</summary>
/// <param name="Size">How many there are.</param>
/// <param name="Hash">The last one's, in hexadecimal.</param>
public sealed record SealedEnd(long Size, string Hash);

/// <param name="Hashes">One for each entry, in their order.</param>
/// <param name="Checkpoint">Of all of them, or null.</param>
/// <param name="Peaks">Of the tree that <paramref name="Checkpoint"/> is of; empty without one.</param>
public sealed record NewSeals(IReadOnlyList<byte[]> Hashes, LedgerCheckpoint? Checkpoint, byte[] Peaks);

/// <param name="IsFull">Whether there may be more.</param>
/// <param name="Last">The highest number among them.</param>
public sealed record SealedBatch(bool IsFull, long Last);

/// <summary>One look at what is not sealed.</summary>
/// <param name="Waits">How long the oldest of these waits; null without any.</param>
/// <param name="Lowest">The lowest number of these.</param>
/// <param name="Highest">The highest number of any entry.</param>
/// <param name="Writers">Transactions that had written entries, or were about to, and had not ended: whoever gets a number has the table's lock until its end.</param>
public sealed record LedgerLook(
    long Unsealed,
    TimeSpan? Waits,
    long? Lowest,
    long Highest,
    IReadOnlyList<string> Writers
);

/// <summary>What entries are looked for; null is any.</summary>
/// <param name="Digest">Its beginning.</param>
/// <param name="Release">Its name.</param>
/// <param name="What">Words of kind, step and reason, however they are capitalised.</param>
/// <param name="Before">Only of lower ids: the next page.</param>
public sealed record LedgerQuestion(
    string? Actor,
    string? Tenant,
    string? Rollout,
    string? Digest,
    string? Step,
    string? Release,
    string? What,
    DateTimeOffset? Since,
    DateTimeOffset? Until,
    long? Before,
    int Most
);
