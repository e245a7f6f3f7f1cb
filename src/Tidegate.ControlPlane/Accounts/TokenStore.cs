using Npgsql;
using NpgsqlTypes;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>Tokens in PostgreSQL, without their secrets.</summary>
public sealed class TokenStore(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Columns =
        $"t.id, t.hash, t.label, t.is_session, t.ceiling, t.made_at, t.made_by, t.expires_at, t.revoked_at, t.used_at, {AccountStore.Columns}";

    public async Task<StoredToken?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"select {Columns} from access_token t join account a on a.name = t.owner where t.id = $1"
        );
        command.Bind(id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    /// <summary>Those that still count, the newest first.</summary>
    public async Task<IReadOnlyList<StoredToken>> ListAsync(AccountName owner, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            select {Columns} from access_token t join account a on a.name = t.owner
             where t.owner = $1 and t.revoked_at is null and t.expires_at > $2 order by t.made_at desc, t.id
            """
        );
        command.Bind(owner.Value, clock.GetUtcNow().ToUniversalTime());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tokens = new List<StoredToken>();
        while (await reader.ReadAsync(cancellationToken))
        {
            tokens.Add(Read(reader));
        }

        return tokens;
    }

    /// <summary>Stores a token, with its ledger entry. One of a person that signed in is noted with the account.</summary>
    public async Task AddAsync(NewToken token, string actor, string? reason, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            with signed as (
                update account set signed_in_at = $7 where name = $2 and $5
            )
            insert into access_token (id, owner, hash, label, is_session, ceiling, made_at, made_by, expires_at)
            values ($1, $2, $3, nullif($4, ''), $5, $6, $7, $8, $9)
            """,
            connection
        );
        command.Bind(
            token.Id,
            token.Owner.Value,
            token.Hash,
            token.Label ?? "",
            token.IsSession,
            token.Ceiling is { } ceiling ? StoredGrants.Write(ceiling) : null,
            now.ToUniversalTime(),
            actor,
            token.ExpiresAt.ToUniversalTime()
        );
        command.Parameters[5].NpgsqlDbType = NpgsqlDbType.Jsonb;
        await command.ExecuteNonQueryAsync(cancellationToken);
        var what = token switch
        {
            { IsSession: true } => $"{token.Owner} signed in: session {token.Id}",
            { Ceiling: { } bound } => $"{token.Owner}: token {token.Id} made for {string.Join(" and ", bound)}",
            _ => $"{token.Owner}: token {token.Id} made for all that its owner may",
        };
        await AccessEntryStore.WriteAsync(connection, actor, "command", what, reason, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Ends a token, with its ledger entry.</summary>
    /// <returns>False when the account has no such token that still counts.</returns>
    public async Task<bool> RevokeAsync(
        string id,
        AccountName owner,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            update access_token set revoked_at = $3, revoked_by = $4
             where id = $1 and owner = $2 and revoked_at is null returning is_session
            """,
            connection
        );
        command.Bind(id, owner.Value, now.ToUniversalTime(), actor);
        if (await command.ExecuteScalarAsync(cancellationToken) is not bool isSession)
        {
            return false;
        }

        await AccessEntryStore.WriteAsync(
            connection,
            actor,
            "command",
            $"{owner}: {(isSession ? "session" : "token")} {id} revoked",
            reason,
            now,
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Notes that a token was used, to the minute.</summary>
    public async Task UsedAsync(string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "update access_token set used_at = $2 where id = $1 and (used_at is null or used_at <= $2 - interval '1 minute')"
        );
        command.Bind(id, now.ToUniversalTime());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static StoredToken Read(NpgsqlDataReader row)
    {
        var owner = AccountStore.Read(row, 10);
        return new(
            row.GetString(0),
            owner,
            row.GetFieldValue<byte[]>(1),
            row.Text(2),
            row.GetBoolean(3),
            row.Text(4) is { } ceiling ? StoredGrants.Read(ceiling, owner.Name.Value) : null,
            row.GetFieldValue<DateTimeOffset>(5),
            row.GetString(6),
            row.GetFieldValue<DateTimeOffset>(7),
            row.Instant(8),
            row.Instant(9)
        );
    }
}
