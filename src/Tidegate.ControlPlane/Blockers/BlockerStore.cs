using Dapper;
using Npgsql;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Blockers;

/// <summary>The blockers there are. A row is there as long as it blocks; the ledger keeps when it came and went.</summary>
public sealed class BlockerStore(NpgsqlDataSource database)
{
    private const string Columns = "subject, code, what, since, until, clears, next, origin, rule";

    /// <summary>Begins to look at what may be in the way: what is read from now on may be said.</summary>
    public async Task<Look> LookAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return new(
            await connection.ExecuteScalarAsync<DateTime>(
                new CommandDefinition("select clock_timestamp()", cancellationToken: cancellationToken)
            )
        );
    }

    /// <summary>
    /// Makes these the owner's blockers, and no others, unless somebody who looked later has said what it saw. One that
    /// was there already keeps its <see cref="Blocker.Since"/>; saying the same twice blocks and clears nothing.
    /// </summary>
    /// <param name="owner">Who finds them: <c>source/fleet</c>, <c>promotion/production</c>.</param>
    /// <param name="blockers">Each subject and code once.</param>
    /// <param name="look">When it was begun to read what they rest on.</param>
    public async Task ReplaceAsync(
        string owner,
        IReadOnlyCollection<Blocker> blockers,
        Look look,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var isNewest = await connection.ExecuteAsync(
            new CommandDefinition(
                """
                insert into blocker_look as l (owner, begun_at) values (@owner, @BegunAt)
                on conflict (owner) do update set begun_at = excluded.begun_at where l.begun_at <= excluded.begun_at
                """,
                new { owner, look.BegunAt },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        if (isNewest == 0)
        {
            return;
        }

        await WriteAsync(connection, owner, blockers, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The same inside the caller's transaction, which must be open on <paramref name="connection"/>, for an owner that a lease keeps alone.</summary>
    public static Task WriteAsync(
        NpgsqlConnection connection,
        string owner,
        IReadOnlyCollection<Blocker> blockers,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        connection.ExecuteAsync(
            new CommandDefinition(
                """
                with wanted as (
                    select * from unnest(@subjects, @codes, @whats, @sinces, @untils, @clears, @nexts, @origins, @rules)
                        as w (subject, code, what, since, until, clears, next, origin, rule)
                ), gone as (
                    delete from blocker b where owner = @owner and not exists
                        (select 1 from wanted w where w.subject = b.subject and w.code = b.code)
                    returning subject, code, what
                ), come as (
                    insert into blocker as b (owner, subject, code, what, since, until, clears, next, origin, rule)
                    select @owner, w.* from wanted w
                    on conflict (owner, subject, code) do update
                       set what = excluded.what, until = excluded.until, clears = excluded.clears,
                           next = excluded.next, origin = excluded.origin, rule = excluded.rule
                     where (b.what, b.until, b.clears, b.next, b.origin, b.rule) is distinct from
                           (excluded.what, excluded.until, excluded.clears, excluded.next, excluded.origin, excluded.rule)
                    returning subject, code, what, xmax = 0 as is_new
                )
                insert into ledger (at, kind, actor, reason)
                select @now, 'decision', @owner, 'blocked ' || subject || ' (' || code || '): ' || what from come where is_new
                union all
                select @now, 'decision', @owner, 'cleared ' || subject || ' (' || code || '): ' || what from gone
                """,
                new
                {
                    owner,
                    now = now.ToUniversalTime(),
                    subjects = blockers.Select(blocker => blocker.Subject).ToArray(),
                    codes = blockers.Select(blocker => blocker.Code).ToArray(),
                    whats = blockers.Select(blocker => blocker.What).ToArray(),
                    sinces = blockers.Select(blocker => blocker.Since.UtcDateTime).ToArray(),
                    untils = blockers.Select(blocker => blocker.Until?.UtcDateTime).ToArray(),
                    clears = blockers.Select(blocker => blocker.Clears).ToArray(),
                    nexts = blockers.Select(blocker => blocker.Next).ToArray(),
                    origins = blockers.Select(blocker => blocker.Origin).ToArray(),
                    rules = blockers.Select(blocker => blocker.Rule).ToArray(),
                },
                cancellationToken: cancellationToken
            )
        );

    /// <summary>Every blocker, the oldest first.</summary>
    public Task<IReadOnlyList<Blocker>> ListAsync(CancellationToken cancellationToken) =>
        ListAsync(Visible.Everything, cancellationToken);

    /// <summary>
    /// Those that whoever asks may see, the oldest first: of their tenants, of their environments, and of what belongs
    /// to an environment. What else is blocked is nobody's in particular.
    /// </summary>
    public Task<IReadOnlyList<Blocker>> ListAsync(Visible visible, CancellationToken cancellationToken) =>
        ReadAsync(
            $"""
            select {Columns} from blocker b
             where @tenants::text[] is null
                or case split_part(subject, '/', 1)
                   when 'tenant' then substr(subject, 8) = any(@tenants)
                   when 'environment' then substr(subject, 13) = any(@environments)
                   when 'pool' then exists (select from pool where name = substr(b.subject, 6) and environment = any(@environments))
                   when 'rollout' then exists (select from rollout where id = substr(b.subject, 9) and environment = any(@environments))
                   when 'generation' then exists (select from drift d where d.subject = b.subject and d.environment = any(@environments))
                   else false end
             order by since, subject, code
            """,
            new { tenants = visible.Tenants, environments = visible.Environments },
            cancellationToken
        );

    /// <summary>Those of these owners, the oldest first.</summary>
    public Task<IReadOnlyList<Blocker>> ListAsync(IEnumerable<string> owners, CancellationToken cancellationToken) =>
        ReadAsync(
            $"select {Columns} from blocker where owner = any(@owners) order by since, subject, code",
            new { owners = owners.ToArray() },
            cancellationToken
        );

    /// <summary>What keeps these from moving, the oldest first, at most <paramref name="most"/> of all.</summary>
    public Task<IReadOnlyList<Blocker>> OfAsync(
        IEnumerable<string> subjects,
        int most,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            $"select {Columns} from blocker where subject = any(@subjects) order by since, subject, code limit @most",
            new { subjects = subjects.ToArray(), most },
            cancellationToken
        );

    private async Task<IReadOnlyList<Blocker>> ReadAsync(
        string query,
        object values,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(
            new CommandDefinition(query, values, cancellationToken: cancellationToken)
        );
        return
        [
            .. rows.Select(row => new Blocker(
                row.Subject,
                row.Code,
                row.What,
                Instant(row.Since),
                row.Until is { } until ? Instant(until) : null,
                row.Clears,
                row.Next,
                row.Origin,
                row.Rule
            )),
        ];
    }

    private static DateTimeOffset Instant(DateTime utc) => new(utc, TimeSpan.Zero);

    private sealed record Row(
        string Subject,
        string Code,
        string What,
        DateTime Since,
        DateTime? Until,
        string Clears,
        string Next,
        string? Origin,
        string? Rule
    );
}

/// <summary>
/// One look at what may be in the way. Several servers look at the same things, and one may have stood still in the
/// middle: of two, the one that was begun later is right.
/// </summary>
/// <param name="BegunAt">UTC, by the control database's clock.</param>
public readonly record struct Look(DateTime BegunAt);
