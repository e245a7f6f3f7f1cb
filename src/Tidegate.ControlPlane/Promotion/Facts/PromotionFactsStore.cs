using System.Collections.Immutable;
using System.Data;
using Npgsql;
using Tidegate.ControlPlane.Catalog.Validations;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Promotion.Facts;

/// <summary>What the control database knows for some questions, all at the same instant. The number of statements does not depend on how many.</summary>
/// <param name="Here">By the question's place.</param>
/// <param name="Upstream">By the question's place and the upstream environment.</param>
public sealed record StoredFacts(
    ImmutableArray<EnvironmentState> Here,
    IReadOnlyDictionary<(int Question, EnvironmentName Upstream), UpstreamState> Upstream,
    IReadOnlyDictionary<(EnvironmentName, ReleaseDigest), PromotionHold> Holds,
    IReadOnlyDictionary<EnvironmentName, RunningRollout> Running,
    IReadOnlyDictionary<string, LastValidation> Validations
);

/// <summary>Reads how releases stand in environments.</summary>
public sealed class PromotionFactsStore(NpgsqlDataSource database)
{
    /// <param name="upstream">Of each question, the environments before its own.</param>
    public async Task<StoredFacts> ReadAsync(
        IReadOnlyList<PromotionQuestion> questions,
        IReadOnlyList<ImmutableArray<EnvironmentName>> upstream,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // One snapshot: a rollout that ends meanwhile is running in all of them, or has ended in all of them.
        await using var transaction = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead,
            cancellationToken
        );
        return new StoredFacts(
            await HereAsync(connection, questions, cancellationToken),
            await UpstreamAsync(connection, questions, upstream, cancellationToken),
            await HoldsAsync(connection, questions, cancellationToken),
            await RunningAsync(connection, questions, cancellationToken),
            await ValidationsAsync(connection, questions, cancellationToken)
        );
    }

    private static async Task<ImmutableArray<EnvironmentState>> HereAsync(
        NpgsqlConnection connection,
        IReadOnlyList<PromotionQuestion> questions,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            with seen as (
                select a.ordinal, t.name, t.release = a.digest as is_there, r.name as runs,
                       r.registered_at > d.registered_at as is_ahead
                  from unnest($1::int[], $2::text[], $3::text[]) as a (ordinal, environment, digest)
                  join pool p on p.environment = a.environment
                  join tenant t on t.pool = p.name
                  join release r on r.digest = t.release
                  left join release d on d.digest = a.digest
            )
            select ordinal, count(*)::int, count(*) filter (where is_there)::int, count(*) filter (where is_ahead)::int,
                   min(name) filter (where is_ahead),
                   (array_agg(runs order by name) filter (where is_ahead))[1],
                   mode() within group (order by runs)
              from seen group by ordinal
            """,
            connection
        );
        command.Bind(Enumerable.Range(0, questions.Count).ToArray(), Environments(questions), Digests(questions));
        var states = Enumerable.Repeat(EnvironmentState.Empty, questions.Count).ToArray();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            states[row.GetInt32(0)] = new EnvironmentState(
                row.GetInt32(1),
                row.GetInt32(2),
                row.GetInt32(3),
                OnRelease(row, 4),
                row.Text(6)
            );
        }

        return [.. states];
    }

    private static async Task<IReadOnlyDictionary<(int, EnvironmentName), UpstreamState>> UpstreamAsync(
        NpgsqlConnection connection,
        IReadOnlyList<PromotionQuestion> questions,
        IReadOnlyList<ImmutableArray<EnvironmentName>> upstream,
        CancellationToken cancellationToken
    )
    {
        var asked = questions
            .SelectMany((question, place) => upstream[place].Select(before => (place, before, question.Release.Digest)))
            .ToList();
        var states = asked.ToDictionary(
            each => (each.place, each.before),
            each => new UpstreamState(each.before, 0, 0, null, 0, 0, null, null, null, null)
        );
        // Of each tenant: the last rollout that took it somewhere, when it last came back from another release, and
        // what works on it now. Only what happened in this very environment is proof of it.
        await using var command = new NpgsqlCommand(
            $"""
            with seen as (
                select a.ordinal, a.environment, a.digest, t.name, t.release, t.database, r.name as runs,
                       t.release = a.digest as is_there
                  from unnest($1::int[], $2::text[], $3::text[]) as a (ordinal, environment, digest)
                  join pool p on p.environment = a.environment
                  join tenant t on t.pool = p.name
                  join release r on r.digest = t.release
            ), known as (
                select s.*, arrived.ending, arrived.rollout, busy.rollout as changed_by, unread.tenant as unreadable,
                       greatest(arrived.ended_at, back.ended_at) as since
                  from seen s
                  left join lateral (
                      select u.ending, u.ended_at, u.rollout, r.release_digest
                        from upgrade u join rollout r on r.id = u.rollout
                       where u.tenant = s.name and u.state = 'ended'
                         and u.ending in ('completed', 'completed_with_exception')
                         and r.environment = s.environment and {PromotionSql.TakesRelease("r")}
                       order by u.ended_at desc limit 1
                  ) arrived on s.is_there and arrived.release_digest = s.digest
                  left join lateral (
                      select u.ended_at
                        from upgrade u join rollout r on r.id = u.rollout
                       where u.tenant = s.name and u.state = 'ended' and u.ending = 'rolled_back'
                         and u.ended_at > coalesce(arrived.ended_at, '-infinity')
                         and r.environment = s.environment and {PromotionSql.TakesRelease("r")}
                       order by u.ended_at desc limit 1
                  ) back on s.is_there
                  left join lateral (
                      select u.rollout
                        from upgrade u join rollout r on r.id = u.rollout
                       where u.tenant = s.name and u.state in ('forward', 'back', 'asking')
                         and {PromotionSql.TakesRelease("r")}
                       limit 1
                  ) busy on true
                  left join tenant_observation unread
                    on unread.tenant = s.name and unread.database = s.database and unread.release = s.release
                       and unread.unreadable is not null
            )
            select ordinal, environment, count(*)::int,
                   count(*) filter (where not is_there)::int,
                   min(name) filter (where not is_there),
                   (array_agg(runs order by name) filter (where not is_there))[1],
                   count(*) filter (where ending = 'completed')::int,
                   count(*) filter (where ending = 'completed_with_exception')::int,
                   min(name) filter (where ending = 'completed_with_exception'),
                   (array_agg(rollout order by name) filter (where ending = 'completed_with_exception'))[1],
                   min(unreadable), min(changed_by), max(since)
              from known group by ordinal, environment
            """,
            connection
        );
        command.Bind(
            asked.Select(each => each.place).ToArray(),
            asked.Select(each => each.before.Value).ToArray(),
            asked.Select(each => each.Digest.Value).ToArray()
        );
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var environment = new EnvironmentName(row.GetString(1));
            states[(row.GetInt32(0), environment)] = Upstream(environment, row);
        }

        return states;
    }

    private static UpstreamState Upstream(EnvironmentName environment, NpgsqlDataReader row) =>
        new(
            environment,
            row.GetInt32(2),
            row.GetInt32(3),
            OnRelease(row, 4),
            row.GetInt32(6),
            row.GetInt32(7),
            row.IsDBNull(8) ? null : (new TenantName(row.GetString(8)), new RolloutId(row.GetString(9))),
            row.Text(10) is { } unreadable ? new TenantName(unreadable) : null,
            row.Text(11) is { } rollout ? new RolloutId(rollout) : null,
            row.Instant(12)
        );

    private static async Task<IReadOnlyDictionary<(EnvironmentName, ReleaseDigest), PromotionHold>> HoldsAsync(
        NpgsqlConnection connection,
        IReadOnlyList<PromotionQuestion> questions,
        CancellationToken cancellationToken
    )
    {
        // Also what went back a moment ago and has no row yet: between the two nothing may slip through.
        await using var command = new NpgsqlCommand(
            $"""
            with asked as (select * from unnest($1::text[], $2::text[]) as a (environment, release_digest))
            select h.environment, h.release_name, h.release_digest, h.since, h.rollout, h.reason
              from promotion_hold h
             where h.lifted_at is null
               and (h.environment, h.release_digest) in (select environment, release_digest from asked)
            union all
            select b.environment, b.release_name, b.release_digest, b.ended_at, b.id, b.reason
              from ({PromotionSql.WentBack}) b
             where (b.environment, b.release_digest) in (select environment, release_digest from asked)
            """,
            connection
        );
        command.Bind(Environments(questions), Digests(questions));
        var holds = new Dictionary<(EnvironmentName, ReleaseDigest), PromotionHold>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var hold = Hold(row);
            holds[(hold.Environment, hold.Release.Digest)] = hold;
        }

        return holds;
    }

    /// <summary>A row of environment, name, digest, since, rollout, reason.</summary>
    internal static PromotionHold Hold(NpgsqlDataReader row) =>
        new(
            new EnvironmentName(row.GetString(0)),
            new ReleaseRef(row.GetString(1), ReleaseDigest.Create(row.GetString(2))),
            row.GetFieldValue<DateTimeOffset>(3),
            new RolloutId(row.GetString(4)),
            row.GetString(5)
        );

    private static async Task<IReadOnlyDictionary<EnvironmentName, RunningRollout>> RunningAsync(
        NpgsqlConnection connection,
        IReadOnlyList<PromotionQuestion> questions,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            $"""
            select distinct on (r.environment) r.environment, r.id, r.release_name, r.release_digest
              from rollout r where r.state = 'running' and r.environment = any($1) and {PromotionSql.TakesRelease("r")}
             order by r.environment, r.superseded_by is not null, r.created_at desc, r.id desc
            """,
            connection
        );
        command.Bind([Environments(questions)]);
        var running = new Dictionary<EnvironmentName, RunningRollout>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            running[new EnvironmentName(row.GetString(0))] = new RunningRollout(
                new RolloutId(row.GetString(1)),
                new ReleaseRef(row.GetString(2), ReleaseDigest.Create(row.GetString(3)))
            );
        }

        return running;
    }

    private static async Task<IReadOnlyDictionary<string, LastValidation>> ValidationsAsync(
        NpgsqlConnection connection,
        IReadOnlyList<PromotionQuestion> questions,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            select distinct on (release) release, state, failure from release_validation
             where release = any($1) order by release, id desc
            """,
            connection
        );
        command.Bind([questions.Select(question => question.Release.Name).Distinct(StringComparer.Ordinal).ToArray()]);
        var last = new Dictionary<string, LastValidation>(StringComparer.Ordinal);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            last[row.GetString(0)] = new LastValidation(
                Enum.Parse<ValidationState>(row.GetString(1), ignoreCase: true),
                row.Text(2)
            );
        }

        return last;
    }

    private static TenantOnRelease? OnRelease(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : new(new TenantName(row.GetString(column)), row.GetString(column + 1));

    private static string[] Environments(IReadOnlyList<PromotionQuestion> questions) =>
        [.. questions.Select(question => question.Environment.Value)];

    private static string[] Digests(IReadOnlyList<PromotionQuestion> questions) =>
        [.. questions.Select(question => question.Release.Digest.Value)];
}
