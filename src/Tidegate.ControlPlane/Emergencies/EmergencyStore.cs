using Npgsql;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Emergencies;

/// <summary>Emergencies in PostgreSQL; <see cref="RolloutStore"/> adds one together with its rollout. What is said of them is added with its ledger entry.</summary>
public sealed class EmergencyStore(NpgsqlDataSource database)
{
    private const string Columns = """
        select e.id, e.environment, e.release_name, e.release_digest, e.rollout, e.by, e.reason, e.overrides, e.at,
               e.expires, e.second_until, r.state = 'running',
               s.by, s.at, s.reason, h.by, h.at, h.reason, c.by, c.at, c.reason
          from emergency e
          join rollout r on r.id = e.rollout
          left join emergency_word s on s.emergency = e.id and s.said = 'seconded'
          left join emergency_word h on h.emergency = e.id and h.said = 'halted'
          left join emergency_word c on c.emergency = e.id and c.said = 'closed'
        """;

    /// <summary>The newest first, of environments that whoever asks may see.</summary>
    public Task<IReadOnlyList<Emergency>> ListAsync(Visible visible, int most, CancellationToken cancellationToken) =>
        ReadAsync(
            "where $2::text[] is null or e.environment = any($2) order by e.at desc, e.id desc limit $1",
            cancellationToken,
            most,
            visible.Environments
        );

    public async Task<Emergency?> FindAsync(EmergencyId id, CancellationToken cancellationToken) =>
        await ReadAsync("where e.id = $1", cancellationToken, id.Value) is [var only] ? only : null;

    /// <summary>Those whose review nobody has closed, the oldest first.</summary>
    /// <param name="environment">Only there; everywhere when null.</param>
    public Task<IReadOnlyList<Emergency>> OpenAsync(
        EnvironmentName? environment,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            "where c.id is null and ($1::text is null or e.environment = $1) order by e.at, e.id",
            cancellationToken,
            environment?.Value
        );

    /// <summary>Where tenants run what an emergency brought, and git asks for another release: the newest such emergency of each environment.</summary>
    public async Task<IReadOnlyList<UnaskedRelease>> UnaskedAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            with brought as (
                select distinct on (environment, release_digest) environment, release_digest, release_name, id, by, at
                  from emergency order by environment, release_digest, at desc
            ), running as (
                select p.environment, n.release, count(*)::int as tenants
                  from pool p join tenant n on n.pool = p.name
                 where p.environment in (select environment from brought)
                 group by p.environment, n.release
            )
            select distinct on (b.environment) b.environment, b.id, b.release_name, b.by, b.at, r.tenants,
                   t.release_name, t.commit, t.author
              from brought b
              join running r on (r.environment, r.release) = (b.environment, b.release_digest)
              join environment_terms t on t.environment = b.environment and t.release_digest <> b.release_digest
             order by b.environment, b.at desc
            """
        );
        var all = new List<UnaskedRelease>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            all.Add(
                new(
                    new EnvironmentName(row.GetString(0)),
                    new EmergencyId(row.GetString(1)),
                    row.GetString(2),
                    row.GetString(3),
                    row.GetFieldValue<DateTimeOffset>(4),
                    row.GetInt32(5),
                    row.GetString(6),
                    $"commit {row.GetString(7)} by {row.GetString(8)}"
                )
            );
        }

        return all;
    }

    /// <summary>Every environment that ever had one, and what tells, without a look at its tenants, whether what they run may have become another thing than git asks for.</summary>
    public async Task<IReadOnlyList<EmergencyPlace>> PlacesAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select e.environment,
                   concat_ws(' ', count(*), t.release_digest, t.commit, t.author,
                             (select r.id from rollout r
                               where r.environment = e.environment and r.state <> 'running' order by r.id desc limit 1)),
                   exists (select from rollout r where r.environment = e.environment and r.state = 'running')
              from emergency e left join environment_terms t on t.environment = e.environment
             group by e.environment, t.release_digest, t.commit, t.author
             order by e.environment
            """
        );
        var all = new List<EmergencyPlace>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            all.Add(new(new EnvironmentName(row.GetString(0)), row.GetString(1), row.GetBoolean(2)));
        }

        return all;
    }

    /// <summary>Keeps what somebody says of an emergency, once; what waits in the environment is looked at anew.</summary>
    /// <param name="said"><c>seconded</c>, <c>halted</c> or <c>closed</c>.</param>
    /// <returns>False when that was said before.</returns>
    public async Task<bool> SayAsync(
        Emergency emergency,
        string said,
        EmergencyWord word,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            with said as (
                insert into emergency_word (emergency, said, by, at, reason) values ($1, $2, $3, $4, $5)
                on conflict do nothing returning emergency
            ), poked as (
                update planned_work set wake_at = $4 where environment = $6 and state = 'waiting' and exists (select from said)
            )
            insert into ledger (at, kind, actor, rollout, digest, reason)
            select $4, case $2 when 'halted' then 'decision' else 'command' end, $3, $7, $8,
                   'emergency ' || emergency || ' in ' || $6 || ' ' || $2 || coalesce(': ' || $5::text, '')
              from said
            """
        );
        command.Parameters.Add(new() { Value = emergency.Id.Value });
        command.Parameters.Add(new() { Value = said });
        command.Parameters.Add(new() { Value = word.By });
        command.Parameters.Add(new() { Value = word.At.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = word.Reason });
        command.Bind(emergency.Environment.Value, emergency.Rollout.Value, emergency.Release.Digest.Value);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <summary>Keeps in the ledger that somebody was refused.</summary>
    public async Task RefusedAsync(string actor, string reason, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "insert into ledger (at, kind, actor, reason) values ($1, 'decision', $2, 'refused: ' || $3)"
        );
        command.Bind(now.UtcDateTime, actor, reason);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<Emergency>> ReadAsync(
        string tail,
        CancellationToken cancellationToken,
        params object?[] values
    )
    {
        await using var command = database.CreateCommand($"{Columns} {tail}");
        command.Bind(values);
        var all = new List<Emergency>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            all.Add(
                new(
                    new EmergencyId(row.GetString(0)),
                    new EnvironmentName(row.GetString(1)),
                    new ReleaseRef(row.GetString(2), ReleaseDigest.Create(row.GetString(3))),
                    new RolloutId(row.GetString(4)),
                    row.GetString(5),
                    row.GetString(6),
                    [.. row.GetFieldValue<string[]>(7)],
                    row.GetFieldValue<DateTimeOffset>(8),
                    row.GetFieldValue<DateTimeOffset>(9),
                    row.Instant(10),
                    row.GetBoolean(11)
                )
                {
                    Seconded = Word(row, 12),
                    Halted = Word(row, 15),
                    Closed = Word(row, 18),
                }
            );
        }

        return all;
    }

    private static EmergencyWord? Word(NpgsqlDataReader row, int column) =>
        row.Text(column) is { } by
            ? new(by, row.GetFieldValue<DateTimeOffset>(column + 1), row.Text(column + 2))
            : null;
}
