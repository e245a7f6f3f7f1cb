using Npgsql;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>How often somebody tried to sign in. An attempt counts before its password is looked at, so that many at once are not more than one after another.</summary>
public sealed class AttemptStore(NpgsqlDataSource database)
{
    /// <summary>Attempts that may fail within <see cref="Window"/>; the next one locks the name.</summary>
    public const int Most = 5;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>For how long a name is locked; whoever tries meanwhile does not make it longer.</summary>
    public static readonly TimeSpan Lock = TimeSpan.FromMinutes(15);

    /// <summary>Counts an attempt. The same for a name that nobody has.</summary>
    public async Task<CountedAttempt> CountAsync(string name, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            with old as (
                delete from sign_in_attempt where name <> $1 and since < $2 - interval '1 day'
            )
            insert into sign_in_attempt as a (name, attempts, since) values ($1, 1, $2)
            on conflict (name) do update
               set attempts = case when a.locked_until > $2 then a.attempts
                                   when a.locked_until is not null or a.since <= $2 - $3 then 1
                                   else a.attempts + 1 end,
                   since = case when a.locked_until > $2 then a.since
                                when a.locked_until is not null or a.since <= $2 - $3 then $2
                                else a.since end,
                   locked_until = case when a.locked_until > $2 then a.locked_until
                                       when a.locked_until is not null or a.since <= $2 - $3 then null
                                       when a.attempts >= $5 then $2 + $4 end
            returning attempts, locked_until
            """
        );
        command.Bind(name, now.ToUniversalTime(), Window, Lock, Most);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(reader.GetInt32(0), reader.Instant(1));
    }

    /// <summary>Somebody got in: what was counted is forgotten.</summary>
    public async Task ForgetAsync(string name, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("delete from sign_in_attempt where name = $1");
        command.Bind(name);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <param name="LockedUntil">Null while the name is not locked.</param>
public sealed record CountedAttempt(int Number, DateTimeOffset? LockedUntil);
