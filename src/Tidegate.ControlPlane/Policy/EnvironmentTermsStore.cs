using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Policy;

/// <summary>What git says of environments, in PostgreSQL. Empty while no repository is followed.</summary>
public sealed class EnvironmentTermsStore(NpgsqlDataSource database)
{
    private const string Columns = """
        select environment, release_name, release_digest, upstream, soak, policy, commit, author, accepted_at, places,
               expedited
          from environment_terms

        """;

    /// <summary>Every environment of the desired state, by name.</summary>
    public Task<IReadOnlyList<EnvironmentTerms>> ListAsync(CancellationToken cancellationToken) =>
        ReadAsync("order by environment", cancellationToken);

    /// <summary>Null when git says nothing of such an environment: it is governed by hand.</summary>
    public async Task<EnvironmentTerms?> FindAsync(EnvironmentName environment, CancellationToken cancellationToken) =>
        await ReadAsync("where environment = $1", cancellationToken, environment.Value) is [var found] ? found : null;

    /// <summary>Changes and adds these, and forgets those that are gone, in a transaction of its own.</summary>
    public async Task ApplyAsync(
        IReadOnlyCollection<EnvironmentTerms> changed,
        IReadOnlyCollection<EnvironmentName> gone,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ApplyAsync(connection, changed, gone, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The same inside the caller's transaction, which must be open on <paramref name="connection"/>.</summary>
    public static async Task ApplyAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<EnvironmentTerms> changed,
        IReadOnlyCollection<EnvironmentName> gone,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        var removal = new NpgsqlBatchCommand("delete from environment_terms where environment = any($1)");
        removal.Parameters.Add(new() { Value = gone.Select(name => name.Value).ToArray() });
        batch.BatchCommands.Add(removal);
        foreach (var terms in changed)
        {
            batch.BatchCommands.Add(Upsert(terms));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlBatchCommand Upsert(EnvironmentTerms terms)
    {
        var command = new NpgsqlBatchCommand(
            """
            insert into environment_terms values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            on conflict (environment) do update
               set release_name = $2, release_digest = $3, upstream = $4, soak = $5, policy = $6, commit = $7,
                   author = $8, accepted_at = $9, places = $10, expedited = $11
            """
        );
        command.Parameters.Add(new() { Value = terms.Environment.Value });
        command.Parameters.Add(Text(terms.Release?.Name));
        command.Parameters.Add(Text(terms.Release?.Digest.Value));
        command.Parameters.Add(new() { Value = terms.Upstream.Select(name => name.Value).ToArray() });
        command.Parameters.Add(new() { Value = terms.Soak });
        command.Parameters.Add(new() { Value = StoredJson.Write(terms.Policy), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = terms.Commit });
        command.Parameters.Add(new() { Value = terms.Author });
        command.Parameters.Add(new() { Value = terms.AcceptedAt.UtcDateTime });
        command.Parameters.Add(new() { Value = StoredJson.Write(terms.Places), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(Text(terms.Expedited));
        return command;
    }

    private async Task<IReadOnlyList<EnvironmentTerms>> ReadAsync(
        string tail,
        CancellationToken cancellationToken,
        params object[] values
    )
    {
        await using var command = database.CreateCommand(Columns + tail);
        command.Bind(values);
        var all = new List<EnvironmentTerms>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            all.Add(
                new(
                    new EnvironmentName(row.GetString(0)),
                    row.IsDBNull(1) ? null : new(row.GetString(1), ReleaseDigest.Create(row.GetString(2))),
                    [.. row.GetFieldValue<string[]>(3).Select(EnvironmentName.Create)],
                    row.GetTimeSpan(4),
                    StoredJson.Read<EnvironmentPolicy>(row.GetString(5)),
                    row.GetString(6),
                    row.GetString(7),
                    row.GetFieldValue<DateTimeOffset>(8)
                )
                {
                    Places = StoredJson.Read<ImmutableSortedDictionary<string, string>>(row.GetString(9)),
                    Expedited = row.Text(10),
                }
            );
        }

        return all;
    }

    private static NpgsqlParameter Text(string? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
