using Npgsql;

namespace Tidegate.IntegrationTests.Ledger;

/// <summary>What somebody does who is a superuser.</summary>
internal static class Tampering
{
    /// <summary>Runs a statement on a connection of its own, which keeps nothing of what was set for it.</summary>
    public static async Task TamperAsync(this NpgsqlDataSource database, string sql)
    {
        var token = TestContext.Current.CancellationToken;
        await using var connection = await database.OpenConnectionAsync(token);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(token);
        await using var reset = new NpgsqlCommand("reset session_replication_role", connection);
        await reset.ExecuteNonQueryAsync(token);
    }
}
