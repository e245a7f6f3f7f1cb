using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>Accounts in PostgreSQL. Each change is written with its ledger entry.</summary>
public sealed class AccountStore(NpgsqlDataSource database, TimeProvider clock)
{
    internal const string Columns =
        "a.name, a.label, a.groups, a.made_at, a.made_by, a.disabled_at, a.must_change, a.signed_in_at";

    public async Task<IReadOnlyList<Account>> ListAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"select {Columns} from account a order by a.name");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var accounts = new List<Account>();
        while (await reader.ReadAsync(cancellationToken))
        {
            accounts.Add(Read(reader, 0));
        }

        return accounts;
    }

    public async Task<Account?> FindAsync(AccountName name, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"select {Columns} from account a where a.name = $1");
        command.Bind(name.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader, 0) : null;
    }

    /// <summary>Makes an account without a password.</summary>
    /// <returns>False when there is one of that name.</returns>
    public Task<bool> AddAsync(
        AccountName name,
        string? label,
        ImmutableArray<string> groups,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            """
            insert into account (name, label, groups, made_at, made_by) values ($1, nullif($2, ''), $3, $4, $5)
            on conflict do nothing returning name
            """,
            name,
            "account made",
            actor,
            reason,
            cancellationToken,
            label ?? "",
            groups.ToArray(),
            clock.GetUtcNow().ToUniversalTime(),
            actor
        );

    /// <summary>Puts an account into these groups and no others.</summary>
    /// <returns>False when there is no such account.</returns>
    public Task<bool> SetGroupsAsync(
        AccountName name,
        ImmutableArray<string> groups,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            "update account set groups = $2 where name = $1 returning name",
            name,
            $"groups are {(groups.IsEmpty ? "none" : string.Join(", ", groups))}",
            actor,
            reason,
            cancellationToken,
            [groups.ToArray()]
        );

    /// <summary>Lets an account in no more, or again. Its tokens count no more meanwhile.</summary>
    /// <returns>False when there is no such account, or it is so already.</returns>
    public Task<bool> SetDisabledAsync(
        AccountName name,
        bool isDisabled,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            """
            update account set disabled_at = case when $2 then $3 end
             where name = $1 and (disabled_at is null) = $2 returning name
            """,
            name,
            isDisabled ? "account disabled" : "account enabled",
            actor,
            reason,
            cancellationToken,
            isDisabled,
            clock.GetUtcNow().ToUniversalTime()
        );

    /// <summary>Gives a person a password of somebody else's making: it works until then, and only for being changed. Sessions end.</summary>
    /// <returns>False when there is no such account.</returns>
    public Task<bool> GiveSecretAsync(
        AccountName name,
        string hash,
        DateTimeOffset until,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            """
            with ended as (
                update access_token set revoked_at = $4, revoked_by = $5 where owner = $1 and is_session and revoked_at is null
            ), known as (
                delete from sign_in_attempt where name = $1
            )
            update account set password = $2, must_change = true, secret_until = $3 where name = $1 returning name
            """,
            name,
            "first password given",
            actor,
            reason,
            cancellationToken,
            hash,
            until.ToUniversalTime(),
            clock.GetUtcNow().ToUniversalTime(),
            actor
        );

    /// <summary>Sets the password that a person has chosen; every other session of theirs ends.</summary>
    public Task<bool> SetPasswordAsync(
        AccountName name,
        string hash,
        string? session,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            """
            with ended as (
                update access_token set revoked_at = $3, revoked_by = $1
                 where owner = $1 and is_session and revoked_at is null and id <> $4
            )
            update account set password = $2, must_change = false, secret_until = null where name = $1 returning name
            """,
            name,
            "password changed",
            name.Value,
            null,
            cancellationToken,
            hash,
            clock.GetUtcNow().ToUniversalTime(),
            session ?? ""
        );

    /// <summary>The hash of a person's password, and until when one counts that somebody else gave.</summary>
    public async Task<(string? Hash, DateTimeOffset? Until)> PasswordAsync(
        AccountName name,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            "select password, secret_until from account where name = $1 and disabled_at is null"
        );
        command.Bind(name.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.Text(0), reader.Instant(1)) : (null, null);
    }

    /// <summary>From this column on, as <see cref="Columns"/> has them.</summary>
    internal static Account Read(NpgsqlDataReader row, int first) =>
        new(
            AccountName.Create(row.GetString(first)),
            row.Text(first + 1),
            [.. row.GetFieldValue<string[]>(first + 2)],
            row.GetFieldValue<DateTimeOffset>(first + 3),
            row.GetString(first + 4),
            row.Instant(first + 5),
            row.GetBoolean(first + 6),
            row.Instant(first + 7)
        );

    /// <summary>The account is <c>$1</c>; what is done is done with its entry, or not at all.</summary>
    private async Task<bool> ChangeAsync(
        string change,
        AccountName name,
        string what,
        string actor,
        string? reason,
        CancellationToken cancellationToken,
        params object?[] values
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(change, connection);
        command.Bind([name.Value, .. values]);
        if (await command.ExecuteScalarAsync(cancellationToken) is null)
        {
            return false;
        }

        await AccessEntryStore.WriteAsync(
            connection,
            actor,
            "command",
            $"{name}: {what}",
            reason,
            clock.GetUtcNow(),
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
