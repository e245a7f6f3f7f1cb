using Npgsql;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Promotion;

/// <summary>
/// Lets one server at a time look at planned work. Whoever is killed lets go by being killed, and who stands still when
/// <see cref="ControlDatabase"/> ends its transaction; nothing is wrong when two look all the same, only done twice.
/// </summary>
public sealed class PromotionTurnStore(NpgsqlDataSource database)
{
    /// <returns>Null while another server has the turn; otherwise what gives it back.</returns>
    public async Task<IAsyncDisposable?> TryTakeAsync(CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            // Of a transaction, not of the session: a connection that goes back to the pool must not take the lock along.
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var command = new NpgsqlCommand(
                "select pg_try_advisory_xact_lock(hashtext('promotion turn'))",
                connection
            );
            if (await command.ExecuteScalarAsync(cancellationToken) is true)
            {
                return new Turn(connection, transaction);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    private sealed class Turn(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await using (connection)
            {
                await transaction.DisposeAsync();
            }
        }
    }
}
