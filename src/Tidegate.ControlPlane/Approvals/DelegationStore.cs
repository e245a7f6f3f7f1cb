using Npgsql;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Approvals;

/// <summary>Delegations in PostgreSQL. One that is taken back stays, with its end.</summary>
public sealed class DelegationStore(NpgsqlDataSource database)
{
    /// <summary>Every one that has not been over for a year, the newest first.</summary>
    public async Task<IReadOnlyList<KeptDelegation>> ListAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select d.id, d.from_person, d.to_person, d.begins, d.ends, d.by, d.at, d.reason, e.at
              from approval_delegation d left join approval_delegation_end e on e.delegation = d.id
             where d.ends > $1 order by d.id desc
            """
        );
        command.Bind(now.UtcDateTime.AddYears(-1));
        var all = new List<KeptDelegation>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            all.Add(
                new(
                    row.GetInt64(0),
                    new(
                        row.GetString(1),
                        row.GetString(2),
                        row.GetFieldValue<DateTimeOffset>(3),
                        row.GetFieldValue<DateTimeOffset>(4)
                    ),
                    row.GetString(5),
                    row.GetFieldValue<DateTimeOffset>(6),
                    row.Text(7),
                    row.Instant(8)
                )
            );
        }

        return all;
    }

    /// <summary>Keeps a delegation, with its ledger entry.</summary>
    /// <returns>False when one is kept under that key already.</returns>
    public async Task<bool> AddAsync(
        Delegation delegation,
        string by,
        string? reason,
        string key,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            with added as (
                insert into approval_delegation (from_person, to_person, begins, ends, by, at, reason, key)
                values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (key) do nothing returning id
            )
            insert into ledger (at, kind, actor, reason)
            select $6, 'command', $5,
                   'delegation ' || id || ': ' || $2 || ' may agree in the place of ' || $1 || ' from ' || $9 || ' to ' || $10
                   || coalesce(': ' || $7::text, '')
              from added
            """
        );
        command.Parameters.Add(new() { Value = delegation.From });
        command.Parameters.Add(new() { Value = delegation.To });
        command.Parameters.Add(new() { Value = delegation.Begins.UtcDateTime });
        command.Parameters.Add(new() { Value = delegation.Ends.UtcDateTime });
        command.Parameters.Add(new() { Value = by });
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = reason });
        command.Bind(
            key,
            FormattableString.Invariant($"{delegation.Begins.ToUniversalTime():u}"),
            FormattableString.Invariant($"{delegation.Ends.ToUniversalTime():u}")
        );
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <summary>Takes a delegation back, with its ledger entry.</summary>
    /// <returns>False when it was taken back before.</returns>
    public async Task<bool> EndAsync(
        long delegation,
        string by,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            with ended as (
                insert into approval_delegation_end (delegation, by, at) values ($1, $2, $3)
                on conflict do nothing returning delegation
            )
            insert into ledger (at, kind, actor, reason)
            select $3, 'command', $2, 'delegation ' || delegation || ' taken back' from ended
            """
        );
        command.Bind(delegation, by, now.UtcDateTime);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }
}
