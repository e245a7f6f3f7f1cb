using Npgsql;
using Tidegate.ControlPlane.Catalog.Differences;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Catalog.Validations;

/// <summary>A judging that waits for a server.</summary>
public sealed record DueValidation(
    ValidationId Id,
    string Release,
    ReleaseDigest Digest,
    string? From,
    ReleaseDigest? FromDigest
);

/// <summary>The queue of judgings and what came of them. A server holds one by a lease, as the engine holds upgrades.</summary>
public sealed class ValidationStore(NpgsqlDataSource database)
{
    private const int MostAttempts = 3;

    /// <summary>Asks for a judging with its ledger entry; one of the same that has not ended is taken instead.</summary>
    public async Task<RequestedValidation> RequestAsync(
        RequestedValidation wanted,
        ReleaseDigest digest,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            with asked as (
                insert into release_validation (id, release, previous, requested_at, requested_by)
                values ($1, $2, $3, $4, $5) on conflict do nothing
                returning release
            )
            insert into ledger (at, kind, actor, digest, reason)
            select $4, 'command', $5, $6, 'validate release ' || release from asked
            """
        );
        command.Bind(
            wanted.Id.Value,
            wanted.Release,
            wanted.From,
            wanted.RequestedAt.ToUniversalTime(),
            wanted.RequestedBy,
            digest.Value
        );
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1
            ? wanted
            // Another statement: what somebody asked for meanwhile is seen too. It may have ended in between.
            : (
                await ReadAsync(
                    "where v.release = $1 and v.previous is not distinct from $2 order by v.id desc limit 1",
                    cancellationToken,
                    wanted.Release,
                    wanted.From
                )
            ).Single();
    }

    /// <summary>The judging of that id, or null.</summary>
    public async Task<RequestedValidation?> FindAsync(ValidationId id, CancellationToken cancellationToken) =>
        await ReadAsync("where v.id = $1", cancellationToken, id.Value) is [var found, ..] ? found : null;

    /// <summary>What nobody works on, the oldest first.</summary>
    public async Task<IReadOnlyList<DueValidation>> DueAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select v.id, v.release, r.digest, v.previous, p.digest
              from release_validation v
              join release r on r.name = v.release
              left join release p on p.name = v.previous
             where v.state = 'queued' or (v.state = 'running' and v.lease_until < clock_timestamp())
             order by v.id limit 50
            """
        );
        var due = new List<DueValidation>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            due.Add(
                new(
                    new ValidationId(reader.GetString(0)),
                    reader.GetString(1),
                    ReleaseDigest.Create(reader.GetString(2)),
                    reader.IsDBNull(3) ? null : reader.GetString(3),
                    reader.IsDBNull(4) ? null : ReleaseDigest.Create(reader.GetString(4))
                )
            );
        }

        return due;
    }

    /// <summary>Takes a due judging for a while. One that has brought down server after server fails instead.</summary>
    /// <returns>False when somebody else has it, or it failed so.</returns>
    public async Task<bool> ClaimAsync(
        ValidationId id,
        string owner,
        TimeSpan lease,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            update release_validation
               set state = case when attempts < $5 then 'running' else 'failed' end,
                   attempts = attempts + 1,
                   lease_owner = $2,
                   lease_until = clock_timestamp() + $3,
                   ended_at = case when attempts < $5 then null else $4::timestamptz end,
                   failure = case when attempts < $5 then null
                             else 'the server that worked on it ended, ' || attempts || ' times; its log may say why.' end
             where id = $1 and (state = 'queued' or (state = 'running' and lease_until < clock_timestamp()))
            returning state
            """
        );
        command.Bind(id.Value, owner, lease, now.ToUniversalTime(), MostAttempts);
        return await command.ExecuteScalarAsync(cancellationToken) is "running";
    }

    /// <summary>False when it is somebody else's by now.</summary>
    public async Task<bool> RenewAsync(
        ValidationId id,
        string owner,
        TimeSpan lease,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            update release_validation set lease_until = clock_timestamp() + $3
             where id = $1 and lease_owner = $2 and state = 'running'
            """
        );
        command.Bind(id.Value, owner, lease);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Records what a judging came to, with its ledger entry, unless it is somebody else's by now.</summary>
    public async Task EndAsync(
        DueValidation validation,
        string owner,
        ValidationSummary ended,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            with done as (
                update release_validation
                   set state = 'ended', ended_at = $3, errors = $4, warnings = $5, infos = $6, class = $7, report = $8
                 where id = $1 and lease_owner = $2 and state = 'running'
                returning release
            )
            insert into ledger (at, kind, actor, digest, reason)
            select $3, 'outcome', $2, $9,
                   'validation of release ' || release || ': ' || $4 || ' errors, ' || $5 || ' warnings' from done
            """
        );
        command.Bind(
            validation.Id.Value,
            owner,
            ended.At.ToUniversalTime(),
            ended.Counts.Errors,
            ended.Counts.Warnings,
            ended.Counts.Infos,
            ended.Class?.ToString(),
            ended.Report,
            validation.Digest.Value
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Records that a judging could not be done.</summary>
    public async Task FailAsync(
        DueValidation validation,
        string owner,
        string failure,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            with done as (
                update release_validation set state = 'failed', ended_at = $3, failure = $4
                 where id = $1 and lease_owner = $2 and state = 'running'
                returning release
            )
            insert into ledger (at, kind, actor, digest, reason)
            select $3, 'outcome', $2, $5, 'validation of release ' || release || ' failed: ' || $4 from done
            """
        );
        command.Bind(validation.Id.Value, owner, now.ToUniversalTime(), failure, validation.Digest.Value);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<RequestedValidation>> ReadAsync(
        string tail,
        CancellationToken cancellationToken,
        params object?[] values
    )
    {
        await using var command = database.CreateCommand(
            """
            select v.id, v.release, v.previous, v.state, v.requested_at, v.requested_by, v.ended_at, v.failure,
                   v.errors, v.warnings, v.infos, v.class, v.report
              from release_validation v

            """ + tail
        );
        command.Bind(values);
        var found = new List<RequestedValidation>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            found.Add(Validation(row));
        }

        return found;
    }

    private static RequestedValidation Validation(NpgsqlDataReader row)
    {
        var state = Enum.Parse<ValidationState>(row.GetString(3), ignoreCase: true);
        var (id, from) = (new ValidationId(row.GetString(0)), row.Text(2));
        return new(
            id,
            row.GetString(1),
            from,
            state,
            row.GetFieldValue<DateTimeOffset>(4),
            row.GetString(5),
            row.Instant(6),
            row.Text(7),
            state is not ValidationState.Ended
                ? null
                : new(
                    id,
                    from,
                    new FindingCounts(row.GetInt32(8), row.GetInt32(9), row.GetInt32(10)),
                    row.Text(11) is { } word ? Enum.Parse<ReleaseClass>(word) : null,
                    row.GetFieldValue<DateTimeOffset>(6),
                    row.GetString(12)
                )
        );
    }
}
