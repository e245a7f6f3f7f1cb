using System.Collections.Immutable;
using Npgsql;

namespace Tidegate.Drivers.Databases;

/// <summary>One connection and the four ways this folder uses it. Closing it ends the server's session: nothing is pooled.</summary>
internal sealed class PostgresSession : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;

    private PostgresSession(NpgsqlDataSource source, NpgsqlConnection connection)
    {
        _source = source;
        _connection = connection;
    }

    /// <summary>Loads no type catalogue: quick, and enough for PostgreSQL's built-in types.</summary>
    public static async Task<PostgresSession> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        var source = builder.Build();
        try
        {
            return new(source, await source.OpenConnectionAsync(cancellationToken));
        }
        catch (NpgsqlException)
        {
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>Of the server's process.</summary>
    public int ProcessId => _connection.ProcessID;

    /// <summary>A second session, of the same role in the same database; whoever asked disposes it.</summary>
    public Task<PostgresSession> OpenAnotherAsync(CancellationToken cancellationToken) =>
        OpenAsync(_source.ConnectionString, cancellationToken);

    /// <summary>Runs one statement; parameters are <c>$1</c>, <c>$2</c>, …. The number of rows touched.</summary>
    public async Task<int> ExecuteAsync(
        string statement,
        IReadOnlyList<object> parameters,
        CancellationToken cancellationToken
    )
    {
        await using var command = Command(statement, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public Task<int> ExecuteAsync(string statement, CancellationToken cancellationToken) =>
        ExecuteAsync(statement, [], cancellationToken);

    /// <summary>Runs statements one after another.</summary>
    public async Task ExecuteAllAsync(IEnumerable<string> statements, CancellationToken cancellationToken)
    {
        foreach (var statement in statements)
        {
            await ExecuteAsync(statement, cancellationToken);
        }
    }

    /// <summary>All rows, each read by <paramref name="read"/>.</summary>
    public async Task<ImmutableArray<T>> QueryAsync<T>(
        string query,
        IReadOnlyList<object> parameters,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken
    )
    {
        await using var command = Command(query, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = ImmutableArray.CreateBuilder<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows.DrainToImmutable();
    }

    /// <summary>The first column of the first row; default when there is no row or it is null.</summary>
    public async Task<T?> ScalarAsync<T>(
        string query,
        IReadOnlyList<object> parameters,
        CancellationToken cancellationToken
    )
    {
        await using var command = Command(query, parameters);
        return await command.ExecuteScalarAsync(cancellationToken) is T value ? value : default;
    }

    /// <summary>Writes a query's rows as CSV.</summary>
    public async Task ExportAsync(string query, bool hasHeader, TextWriter to, CancellationToken cancellationToken)
    {
        using var rows = await _connection.BeginTextExportAsync(
            $"COPY ({query}) TO STDOUT WITH (FORMAT csv, HEADER {(hasHeader ? "true" : "false")})",
            cancellationToken
        );
        var buffer = new char[1 << 16];
        int count;
        while ((count = await rows.ReadAsync(buffer, cancellationToken)) > 0)
        {
            await to.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }
    }

    /// <summary>Committed when <paramref name="work"/> ends well, rolled back when it throws or the process dies.</summary>
    public async Task<T> InTransactionAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await using var transaction = await _connection.BeginTransactionAsync(cancellationToken);
        var result = await work();
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    /// <summary>Runs the statements in a transaction that is always rolled back: would they succeed?</summary>
    public async Task RolledBackAsync(IEnumerable<string> statements, CancellationToken cancellationToken)
    {
        await using var transaction = await _connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAllAsync(statements, cancellationToken);
        await transaction.RollbackAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _source.DisposeAsync();
    }

    private NpgsqlCommand Command(string text, IReadOnlyList<object> parameters)
    {
        var command = new NpgsqlCommand(text, _connection);
        foreach (var value in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
