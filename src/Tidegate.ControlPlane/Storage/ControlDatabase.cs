using DbUp;
using Npgsql;

namespace Tidegate.ControlPlane.Storage;

/// <summary>The control plane's own database: brings its schema up to date.</summary>
public static class ControlDatabase
{
    // What a server may: everything but to change what is written, in the ledger, and which migrations there were. Entries go
    // by a function alone, which sees to it that they may.
    private const string Rights = """
        grant usage on schema public to {0};
        grant select, insert, update, delete on all tables in schema public to {0};
        grant usage, select, update on all sequences in schema public to {0};
        revoke update, delete, truncate, references, trigger on ledger, ledger_seal, ledger_checkpoint, ledger_drop from {0};
        grant execute on function ledger_drop_entries(bigint, integer) to {0};
        revoke insert, update, delete on schemaversions from {0};
        """;

    /// <summary>Applies the migrations that are missing, each in its own transaction. Doing it twice does nothing.</summary>
    /// <param name="connectionString">As the database's owner.</param>
    /// <param name="server">The role as whom servers work in it, which gets the rights for that; null where they are the owner.</param>
    /// <exception cref="InvalidOperationException">A migration failed; its name and cause are in the message.</exception>
    public static void Upgrade(string connectionString, string? server = null)
    {
        // Of two servers that start at once the second waits, and finds nothing left to do.
        using var turn = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString
        );
        turn.Open();
        using var command = new NpgsqlCommand("select pg_advisory_lock(hashtext('tidegate schema'))", turn);
        command.ExecuteNonQuery();
        UpgradeInTurn(connectionString);
        if (server is not null)
        {
            using var rights = turn.CreateCommand();
            rights.CommandText = Rights.Replace(
                "{0}",
                new NpgsqlCommandBuilder().QuoteIdentifier(server),
                StringComparison.Ordinal
            );
            rights.ExecuteNonQuery(); // several statements in one are one transaction
        }
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
