using DbUp;
using Npgsql;

namespace Tidegate.ControlPlane.Storage;

/// <summary>The control plane's own database: brings its schema up to date.</summary>
public static class ControlDatabase
{
    /// <summary>Applies the migrations that are missing, each in its own transaction. Doing it twice does nothing.</summary>
    /// <exception cref="InvalidOperationException">A migration failed; its name and cause are in the message.</exception>
    public static void Upgrade(string connectionString)
    {
        // Of two servers that start at once the second waits, and finds nothing left to do.
        using var turn = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString
        );
        turn.Open();
        using var command = new NpgsqlCommand("select pg_advisory_lock(hashtext('tidegate schema'))", turn);
        command.ExecuteNonQuery();
        UpgradeInTurn(connectionString);
    }

    private static void UpgradeInTurn(string connectionString)
    {
        var result = DeployChanges
            .To.PostgresqlDatabase(connectionString)
            .WithScriptsEmbeddedInAssembly(
                typeof(ControlDatabase).Assembly,
                name => name.Contains(".Storage.Migrations.", StringComparison.Ordinal)
            )
            .WithTransactionPerScript()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
        {
            throw new InvalidOperationException(
                $"The control database could not be brought up to date: {result.ErrorScript?.Name}: {result.Error.Message}",
                result.Error
            );
        }
    }

    /// <summary>
    /// How many connections one server takes at most: whoever needs another waits for it. A server that stands still
    /// keeps those that it has, and those who take over from it need theirs.
    /// </summary>
    public const int MostConnections = 12;

    private const int IdleSeconds = 30;

    // What a server that stands still has locked is free again after it: no transaction of ours does nothing for that long.
    private const string IdleTransactions = "-c idle_in_transaction_session_timeout=60s";

    /// <summary>A data source with the settings that the engine's two statements per step were measured with.</summary>
    public static NpgsqlDataSource Open(string connectionString) =>
        NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connectionString)
            {
                Options = new NpgsqlConnectionStringBuilder(connectionString).Options ?? IdleTransactions,
                MaxAutoPrepare = 50,
                AutoPrepareMinUsages = 2,
                // Nobody changes a session's settings; resetting them costs seven statements each time one is used again.
                NoResetOnClose = true,
                MaxPoolSize = MostConnections,
                ConnectionIdleLifetime = IdleSeconds,
            }
        );
}
