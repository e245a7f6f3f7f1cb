using Npgsql;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Restores;

/// <summary>
/// Looks into a database that is closed, a fenced one or a checkpoint: it is opened for that time, and since nobody but
/// the site has a right on it, to the site alone. Whoever is killed inside leaves it so, and the next look closes it.
/// </summary>
internal static class ClosedDatabase
{
    public static async Task<T> InsideAsync<T>(
        FencedSession fenced,
        string database,
        Func<PostgresSession, Task<T>> work,
        CancellationToken cancellationToken
    )
    {
        await SetOpenAsync(fenced, database, isOpen: true, cancellationToken);
        T result;
        try
        {
            await using var session = await fenced.OpenAsync(database, cancellationToken);
            result = await work(session);
        }
        catch
        {
            await TryCloseAsync(fenced, database);
            throw;
        }

        await SetOpenAsync(fenced, database, isOpen: false, CancellationToken.None);
        return result;
    }

    /// <summary>After something went wrong, which is what has to be told: not that the connection is gone with it.</summary>
    private static async Task TryCloseAsync(FencedSession fenced, string database)
    {
        try
        {
            await SetOpenAsync(fenced, database, isOpen: false, CancellationToken.None);
        }
        catch (Exception gone) when (gone is NpgsqlException or InvalidOperationException)
        {
            // Left open to the site alone; whoever comes next closes it.
        }
    }

    public static Task SetOpenAsync(
        FencedSession fenced,
        string database,
        bool isOpen,
        CancellationToken cancellationToken
    ) =>
        fenced.InTransactionAsync(
            postgres =>
                postgres.ExecuteAsync(
                    $"ALTER DATABASE {Sql.Name(database)} WITH ALLOW_CONNECTIONS {(isOpen ? "true" : "false")}",
                    cancellationToken
                ),
            cancellationToken
        );
}
