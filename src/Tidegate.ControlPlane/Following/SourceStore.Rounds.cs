using Npgsql;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Following;

public sealed partial class SourceStore
{
    /// <summary>How long, in the control database's time, the server that did the last round is waited for.</summary>
    private static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(1);

    /// <summary>Takes the source for one round, when one is due and nobody else is at it. Null when there is nothing to do.</summary>
    public async Task<ClaimedSource?> ClaimAsync(string owner, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            update source s
               set lease_owner = $1, lease_until = clock_timestamp() + $2, epoch = nextval('epoch')
              from (
                select epoch from source
                 where due_at <= clock_timestamp()
                   and (lease_until is null or lease_until < clock_timestamp())
                   and (lease_owner is null or lease_owner = $1 or due_at < clock_timestamp() - $3)
                   for update skip locked) before
            returning {Columns}, s.epoch, before.epoch, s.rounds_wanted, s.rounds_wanted > s.rounds_answered
            """
        );
        command.Bind(owner, lease, Courtesy);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new(Read(row), owner, row.GetInt64(18), row.GetInt64(19), row.GetInt64(20), row.GetBoolean(21))
            : null;
    }

    /// <summary>Makes the lease last longer; false when the round is somebody else's now.</summary>
    public async Task<bool> RenewAsync(ClaimedSource claimed, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "update source set lease_until = clock_timestamp() + $1 where epoch = $2 and lease_until is not null"
        );
        command.Bind(lease, claimed.Epoch);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>The repository did not answer: counts it, and keeps since when.</summary>
    /// <returns>The source as it is now; null when the round is somebody else's.</returns>
    public Task<FollowedSource?> FailedAsync(ClaimedSource claimed, CancellationToken cancellationToken) =>
        ChangeAsync(
            "failures = failures + 1, failing_since = coalesce(failing_since, clock_timestamp())",
            claimed,
            cancellationToken
        );

    /// <summary>The repository answered.</summary>
    /// <param name="head">Where the branch stands; null when there is no such branch.</param>
    /// <returns>The source as it is now; null when the round is somebody else's.</returns>
    public Task<FollowedSource?> AnsweredAsync(
        ClaimedSource claimed,
        CommitId? head,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            "failures = 0, failing_since = null, head = $2",
            claimed,
            cancellationToken,
            new NpgsqlParameter<string?> { TypedValue = head?.Value }
        );

    /// <summary>Ends a round: the next is due after a pause, or at once if one was asked for meanwhile.</summary>
    /// <param name="isDone">Whether it went to its end: then who waited for it is answered.</param>
    /// <param name="isPreferred">Whether this server does the next one if it can; not when the repository did not answer here.</param>
    public async Task EndAsync(
        ClaimedSource claimed,
        TimeSpan pause,
        bool isDone,
        bool isPreferred,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            update source
               set lease_until = null, lease_owner = case when $4 then lease_owner end,
                   asked_at = case when $5 then clock_timestamp() else asked_at end,
                   rounds_answered = case when $5 then greatest(rounds_answered, $2) else rounds_answered end,
                   due_at = clock_timestamp() + case when rounds_wanted > $2 then interval '0' else $3 end
             where epoch = $1
            """
        );
        command.Bind(claimed.Epoch, claimed.Wanted, pause, isPreferred, isDone);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Makes a round due at once.</summary>
    /// <returns>The number that <see cref="HasAnsweredAsync"/> takes; null when nothing is followed.</returns>
    public async Task<long?> RequestRoundAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "update source set rounds_wanted = rounds_wanted + 1, due_at = clock_timestamp() returning rounds_wanted"
        );
        return (long?)await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>Whether a round that began after the request has ended; also when nothing is followed any more.</summary>
    public async Task<bool> HasAnsweredAsync(long request, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "select not exists (select from source where rounds_answered < $1)"
        );
        command.Bind(request);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Frees the round of an owner that is known to live no more.</summary>
    public async Task EndLeaseAsync(Func<string, bool> isDead, CancellationToken cancellationToken)
    {
        await using var find = database.CreateCommand("select lease_owner from source where lease_owner is not null");
        if (await find.ExecuteScalarAsync(cancellationToken) is not string owner || !isDead(owner))
        {
            return;
        }

        await using var end = database.CreateCommand(
            "update source set lease_owner = null, lease_until = null where lease_owner = $1"
        );
        end.Bind(owner);
        await end.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<FollowedSource?> ChangeAsync(
        string changes,
        ClaimedSource claimed,
        CancellationToken cancellationToken,
        params NpgsqlParameter[] values
    )
    {
        await using var command = database.CreateCommand(
            $"update source s set {changes} where s.epoch = $1 returning {Columns}"
        );
        command.Bind(claimed.Epoch);
        command.Parameters.AddRange(values);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? Read(row) : null;
    }
}
