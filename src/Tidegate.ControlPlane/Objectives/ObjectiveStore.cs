using Npgsql;
using NpgsqlTypes;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Objectives;

/// <summary>What git says of objectives, in PostgreSQL. Empty while no repository is followed.</summary>
public sealed class ObjectiveStore(NpgsqlDataSource database)
{
    /// <summary>Every objective, by name.</summary>
    public Task<IReadOnlyList<ObjectiveTerms>> ListAsync(CancellationToken cancellationToken) =>
        ReadAsync("order by name", cancellationToken);

    /// <summary>Null when git says nothing of such an objective.</summary>
    public async Task<ObjectiveTerms?> FindAsync(ObjectiveName name, CancellationToken cancellationToken) =>
        await ReadAsync("where name = $1", cancellationToken, name.Value) is [var found] ? found : null;

    /// <summary>Those that cover the tenant, by name.</summary>
    public Task<IReadOnlyList<ObjectiveTerms>> OfAsync(TenantName tenant, CancellationToken cancellationToken) =>
        ReadAsync("where tenants @> array[$1] order by name", cancellationToken, tenant.Value);

    /// <summary>Makes these the objectives, and no others, in a transaction of its own.</summary>
    public async Task ReplaceAsync(IReadOnlyCollection<ObjectiveTerms> terms, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ReplaceAsync(connection, terms, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The same inside the caller's transaction, which must be open on <paramref name="connection"/>.</summary>
    public static async Task ReplaceAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<ObjectiveTerms> terms,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new("delete from recovery_objective"));
        foreach (var each in terms)
        {
            var command = new NpgsqlBatchCommand(
                "insert into recovery_objective (name, terms, tenants) values ($1, $2, $3)"
            );
            command.Parameters.Add(new() { Value = each.Objective.Name.Value });
            command.Parameters.Add(
                new() { Value = StoredJson.Write(each.Objective), NpgsqlDbType = NpgsqlDbType.Jsonb }
            );
            command.Parameters.Add(new() { Value = each.Tenants.Select(tenant => tenant.Value).ToArray() });
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<ObjectiveTerms>> ReadAsync(
        string tail,
        CancellationToken cancellationToken,
        params object[] values
    )
    {
        await using var command = database.CreateCommand($"select terms, tenants from recovery_objective {tail}");
        command.Bind(values);
        var all = new List<ObjectiveTerms>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            all.Add(
                new(
                    StoredJson.Read<RecoveryObjective>(row.GetString(0)),
                    [.. row.GetFieldValue<string[]>(1).Select(TenantName.Create)]
                )
            );
        }

        return all;
    }
}
