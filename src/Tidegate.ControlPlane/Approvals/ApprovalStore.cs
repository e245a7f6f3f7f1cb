using System.Collections.Immutable;
using Npgsql;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Approvals;

/// <summary>Approvals in PostgreSQL. Everything that is said is added together with its ledger entry, and nothing is changed.</summary>
public sealed class ApprovalStore(NpgsqlDataSource database)
{
    private const string Columns = """
        a.id, a.environment, a.release_name, a.release_digest, a.plan_hash, a.targets, a.policy, a.request, a.tags,
        a.plan, a.asked_at, a.loss_limit, a.start_kind
        """;

    /// <summary>Keeps that a plan asks for approval, unless that is kept already.</summary>
    /// <param name="by">Who asks for the work.</param>
    /// <param name="actor">Who asks for the approval.</param>
    /// <returns>The one that is kept now.</returns>
    public async Task<ApprovalRecord> AskAsync(
        ApprovalRecord asked,
        IReadOnlyCollection<string> by,
        string actor,
        CancellationToken cancellationToken
    )
    {
        if (await FindAsync(asked.Environment, asked.Binding, cancellationToken) is { } known)
        {
            return known;
        }

        await using var command = database.CreateCommand(
            """
            with asked as (
                insert into approval (id, environment, release_name, release_digest, plan_hash, targets, policy, request,
                                      tags, plan, asked_at, loss_limit, start_kind)
                values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9::text::jsonb, $10::jsonb, $11, $14, $15)
                on conflict do nothing returning id
            ), said as (
                insert into approval_statement (approval, said, by, is_service, at, key)
                select a.id, 'asked', b.by, b.by like 'service/%', $11, 'asked:' || a.id || ':' || b.by
                  from asked a cross join unnest($12::text[]) as b (by)
                returning by
            )
            insert into ledger (at, kind, actor, digest, reason)
            select $11, 'command', $13, $4,
                   'approval asked: ' || id || ' of plan ' || $5 || ' in ' || $2
              from asked
            """
        );
        command.Bind(
            asked.Id.Value,
            asked.Environment.Value,
            asked.Release.Name,
            asked.Release.Digest.Value,
            asked.Binding.Plan,
            asked.Binding.Targets,
            asked.Binding.Policy,
            StoredJson.Write(asked.Request),
            asked.Tags is { } tags ? StoredJson.Write(tags) : null,
            StoredJson.Write(asked.Plan),
            asked.AskedAt.ToUniversalTime(),
            by.Distinct(StringComparer.Ordinal).ToArray(),
            actor,
            asked.LossLimit,
            asked.Kind.ToString()
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
        return (await FindAsync(asked.Environment, asked.Binding, cancellationToken))!;
    }

    public async Task<ApprovalRecord?> FindAsync(
        EnvironmentName environment,
        ApprovalBinding binding,
        CancellationToken cancellationToken
    ) =>
        (
            await ReadAsync(
                "where (a.environment, a.plan_hash, a.release_digest, a.targets, a.policy) = ($1, $2, $3, $4, $5)",
                cancellationToken,
                environment.Value,
                binding.Plan,
                binding.Digest,
                binding.Targets,
                binding.Policy
            )
        )
            is [var only]
            ? only
            : null;

    public async Task<ApprovalRecord?> FindAsync(ApprovalId id, CancellationToken cancellationToken) =>
        await ReadAsync("where a.id = $1", cancellationToken, id.Value) is [var only] ? only : null;

    /// <summary>The newest first.</summary>
    /// <param name="environment">Only there; everywhere when null.</param>
    /// <param name="visible">Only in these environments.</param>
    public Task<IReadOnlyList<ApprovalRecord>> ListAsync(
        EnvironmentName? environment,
        Visible visible,
        int most,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            """
            where ($1::text is null or a.environment = $1) and ($3::text[] is null or a.environment = any($3))
            order by a.asked_at desc, a.id desc limit $2
            """,
            cancellationToken,
            environment?.Value,
            most,
            visible.Environments
        );

    /// <summary>Everything that was said of these, in order; what was taken back says so, withdrawals apart.</summary>
    public async Task<IReadOnlyList<KeptStatement>> StatementsAsync(
        IEnumerable<ApprovalId> approvals,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select s.id, s.approval, s.said, s.by, s.is_service, s.at, s.until, s.reason, w.id is not null
              from approval_statement s left join approval_statement w on w.withdraws = s.id
             where s.approval = any($1) order by s.id
            """
        );
        command.Parameters.Add(new() { Value = approvals.Select(approval => approval.Value).ToArray() });
        var all = new List<KeptStatement>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            all.Add(
                new(
                    row.GetInt64(0),
                    new ApprovalId(row.GetString(1)),
                    row.GetString(2),
                    row.GetString(3),
                    row.GetBoolean(4),
                    row.GetFieldValue<DateTimeOffset>(5),
                    row.Instant(6),
                    row.Text(7),
                    row.GetBoolean(8)
                )
            );
        }

        return all;
    }

    /// <summary>
    /// Everything that was said of any plan of this release in an environment: what was said of another is void, and
    /// whoever asks is told that.
    /// </summary>
    public async Task<IReadOnlyList<ApprovalRecord>> OthersAsync(
        ApprovalRecord of,
        int most,
        CancellationToken cancellationToken
    ) =>
        await ReadAsync(
            "where a.environment = $1 and a.release_name = $2 and a.id <> $3 order by a.asked_at desc limit $4",
            cancellationToken,
            of.Environment.Value,
            of.Release.Name,
            of.Id.Value,
            most
        );

    /// <summary>Keeps what was said, with its ledger entry; what waits in the environment is looked at anew.</summary>
    /// <returns>False when something was said under that key already: nothing was kept.</returns>
    public async Task<bool> SayAsync(NewStatement said, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            with said as (
                insert into approval_statement (approval, said, by, is_service, at, until, reason, key)
                values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (key) do nothing returning approval
            ), poked as (
                update planned_work set wake_at = $5 where environment = $9 and state = 'waiting' and exists (select from said)
            )
            insert into ledger (at, kind, actor, digest, reason)
            select $5, 'command', $3, $10,
                   $2 || ' ' || approval || ' in ' || $9 || ', plan ' || $11 || coalesce(': ' || $7::text, '')
              from said
            """
        );
        command.Parameters.Add(new() { Value = said.Approval.Id.Value });
        command.Parameters.Add(new() { Value = said.Said });
        command.Parameters.Add(new() { Value = said.By });
        command.Parameters.Add(new() { Value = said.IsService });
        command.Parameters.Add(new() { Value = said.At.UtcDateTime });
        command.Parameters.Add(
            new()
            {
                Value = (object?)said.Until?.UtcDateTime ?? DBNull.Value,
                NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz,
            }
        );
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = said.Reason });
        command.Bind(
            said.Key,
            said.Approval.Environment.Value,
            said.Approval.Release.Digest.Value,
            said.Approval.Binding.Plan
        );
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <summary>What was said under a key; null when nothing was.</summary>
    public async Task<SaidBefore?> SaidAsync(string key, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select s.approval, s.said, exists (select from approval_statement w where w.withdraws = s.id)
              from approval_statement s where s.key = $1
            """
        );
        command.Bind(key);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new(new ApprovalId(row.GetString(0)), row.GetString(1), row.GetBoolean(2))
            : null;
    }

    /// <summary>Takes back what somebody said and what still stands, with one ledger entry each.</summary>
    /// <param name="said">Ids of statements.</param>
    public async Task<int> WithdrawAsync(
        ApprovalRecord approval,
        IReadOnlyCollection<long> said,
        string by,
        string? reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            with taken as (
                insert into approval_statement (approval, said, by, is_service, at, reason, key, withdraws)
                select s.approval, 'withdrawn', $2, s.is_service, $3, $4, 'withdrawn:' || s.id, s.id
                  from approval_statement s where s.id = any($1)
                on conflict do nothing returning approval, withdraws
            ), poked as (
                update planned_work set wake_at = $3
                 where environment = $5 and state = 'waiting' and exists (select from taken)
            )
            insert into ledger (at, kind, actor, digest, reason)
            select $3, 'command', $2, $6,
                   'withdrawn: ' || s.said || ' ' || t.approval || ' in ' || $5 || coalesce(': ' || $4::text, '')
              from taken t join approval_statement s on s.id = t.withdraws
            """
        );
        command.Parameters.Add(new() { Value = said.ToArray() });
        command.Parameters.Add(new() { Value = by });
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = reason });
        command.Bind(approval.Environment.Value, approval.Release.Digest.Value);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Keeps in the ledger that somebody was refused.</summary>
    public async Task RefusedAsync(
        string actor,
        string? digest,
        string reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            "insert into ledger (at, kind, actor, digest, reason) values ($1, 'decision', $2, $3, $4)"
        );
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        command.Parameters.Add(new() { Value = actor });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = digest });
        command.Parameters.Add(new() { Value = $"refused: {reason}" });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<ApprovalRecord>> ReadAsync(
        string tail,
        CancellationToken cancellationToken,
        params object?[] values
    )
    {
        await using var command = database.CreateCommand($"select {Columns} from approval a {tail}");
        command.Bind(values);
        var all = new List<ApprovalRecord>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var digest = row.GetString(3);
            all.Add(
                new(
                    new ApprovalId(row.GetString(0)),
                    new EnvironmentName(row.GetString(1)),
                    new ReleaseRef(row.GetString(2), ReleaseDigest.Create(digest)),
                    new(row.GetString(4), digest, row.GetString(5), row.GetString(6)),
                    StoredJson.Read<PlanRollout>(row.GetString(7)),
                    Enum.Parse<StartKind>(row.GetString(12)),
                    row.Text(8) is { } tags ? StoredJson.Read<ImmutableArray<ImmutableArray<string>>>(tags) : null,
                    StoredJson.Read<PlanView>(row.GetString(9)),
                    row.GetFieldValue<DateTimeOffset>(10),
                    row.GetInt64(11)
                )
            );
        }

        return all;
    }
}

/// <summary>What was said under a key before.</summary>
public sealed record SaidBefore(ApprovalId Approval, string Said, bool IsWithdrawn);
