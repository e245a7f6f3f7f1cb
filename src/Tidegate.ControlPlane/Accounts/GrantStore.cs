using Npgsql;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>Grants in PostgreSQL. One that was revoked stays, for whoever asks later.</summary>
public sealed class GrantStore(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>What somebody has now, by name and by groups.</summary>
    public async Task<IReadOnlyList<Grant>> OfAsync(Identity who, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "select id, who, role, environments, tags from access_grant where who = any($1) and revoked_at is null order by id"
        );
        command.Bind([Names(who)]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var grants = new List<Grant>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (Read(reader) is { } grant)
            {
                grants.Add(grant);
            }
        }

        return grants;
    }

    /// <summary>All there are, by who has them.</summary>
    /// <param name="who">Only of this one; null for all.</param>
    /// <param name="withRevoked">Also what is not so any more.</param>
    public async Task<IReadOnlyList<MadeGrant>> ListAsync(
        string? who,
        bool withRevoked,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select id, who, role, environments, tags, made_at, made_by, reason, revoked_at, revoked_by from access_grant
             where ($1 = '' or who = $1) and ($2 or revoked_at is null) order by who, id
            """
        );
        command.Bind(who ?? "", withRevoked);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var grants = new List<MadeGrant>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (Read(reader) is { } grant)
            {
                grants.Add(
                    new(
                        grant,
                        reader.GetFieldValue<DateTimeOffset>(5),
                        reader.GetString(6),
                        reader.GetString(7),
                        reader.Instant(8),
                        reader.Text(9)
                    )
                );
            }
        }

        return grants;
    }

    /// <summary>Null when there is no such grant, or it was revoked.</summary>
    public async Task<Grant?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "select id, who, role, environments, tags from access_grant where id = $1 and revoked_at is null"
        );
        command.Bind(id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    /// <summary>Gives a role, with its ledger entry.</summary>
    public async Task<Grant> AddAsync(
        string who,
        Role role,
        GrantScope scope,
        string actor,
        string reason,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var grant = new Grant($"g-{Guid.CreateVersion7(now):n}", who, role, scope);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            insert into access_grant (id, who, role, environments, tags, made_at, made_by, reason)
            values ($1, $2, $3, $4, nullif($5, ''), $6, $7, $8)
            """,
            connection
        );
        command.Bind(
            grant.Id,
            who,
            role.Name,
            scope.Environments.ToArray(),
            scope.Tags?.ToString() ?? "",
            now.ToUniversalTime(),
            actor,
            reason
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
        await AccessEntryStore.WriteAsync(
            connection,
            actor,
            "command",
            $"{who} is {grant} by grant {grant.Id}",
            reason,
            now,
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return grant;
    }

    /// <summary>Takes a role away, with its ledger entry.</summary>
    /// <returns>False when there is no such grant, or it was revoked already.</returns>
    public async Task<bool> RevokeAsync(Grant grant, string actor, string? reason, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            "update access_grant set revoked_at = $2, revoked_by = $3 where id = $1 and revoked_at is null",
            connection
        );
        command.Bind(grant.Id, now.ToUniversalTime(), actor);
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            return false;
        }

        await AccessEntryStore.WriteAsync(
            connection,
            actor,
            "command",
            $"{grant.Who} is no longer {grant}: grant {grant.Id} revoked",
            reason,
            now,
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>How many people could sign in now and give grants everywhere.</summary>
    public async Task<int> AdministratorsAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select count(distinct a.name)::int
              from account a join access_grant g on g.who = a.name or substr(g.who, 7) = any(a.groups) and g.who like 'group/%'
             where a.name like 'person/%' and a.disabled_at is null and a.password is not null and not a.must_change
               and g.role = $1 and g.revoked_at is null and g.environments = '{}' and g.tags is null
            """
        );
        command.Bind(Roles.Administrator.Name);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static string[] Names(Identity who) => [who.ToString(), .. who.Groups.Select(group => $"group/{group}")];

    private static Grant? Read(NpgsqlDataReader row) =>
        StoredGrants.Read(
            row.GetString(0),
            row.GetString(1),
            row.GetString(2),
            row.GetFieldValue<string[]>(3),
            row.Text(4)
        );
}
