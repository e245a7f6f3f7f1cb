using Npgsql;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>What the ledger keeps of access. No secret is ever part of it.</summary>
public sealed class AccessEntryStore(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>An entry of its own: what was refused, and what was asked for by nobody's command.</summary>
    public async Task WriteAsync(string actor, string what, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await WriteAsync(connection, actor, "decision", what, null, clock.GetUtcNow(), cancellationToken);
    }

    /// <summary>An entry in the caller's transaction.</summary>
    internal static async Task WriteAsync(
        NpgsqlConnection connection,
        string actor,
        string kind,
        string what,
        string? reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            "insert into ledger (at, kind, actor, step, reason) values ($1, $2, $3, 'access', $4)",
            connection
        );
        command.Bind(now.ToUniversalTime(), kind, actor, reason is null ? what : $"{what}: {reason}");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
