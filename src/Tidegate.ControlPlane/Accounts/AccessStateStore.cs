using Npgsql;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>Whether only grants count, or the home's owner may everything beside them.</summary>
public sealed class AccessStateStore(NpgsqlDataSource database, TimeProvider clock)
{
    public async Task<AccessState> FindAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "select is_closed, changed_at, changed_by, reason from access_state"
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        // Without its row nobody has a role without a grant.
        return await reader.ReadAsync(cancellationToken)
            ? new(reader.GetBoolean(0), reader.Instant(1), reader.Text(2), reader.Text(3))
            : new(IsClosed: true, null, null, null);
    }

    /// <summary>Closes or opens it, with its ledger entry.</summary>
    /// <returns>False when it was so already.</returns>
    public async Task<bool> SetAsync(bool isClosed, string actor, string reason, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            "update access_state set is_closed = $1, changed_at = $2, changed_by = $3, reason = $4 where is_closed <> $1",
            connection
        );
        command.Bind(isClosed, now.ToUniversalTime(), actor, reason);
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            return false;
        }

        await AccessEntryStore.WriteAsync(
            connection,
            actor,
            "command",
            isClosed
                ? "access closed: only grants count"
                : "access opened: the home's own user may everything without a grant",
            reason,
            now,
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}

/// <param name="IsClosed">Only grants count.</param>
/// <param name="At">When it last changed; null when it never did.</param>
public sealed record AccessState(bool IsClosed, DateTimeOffset? At, string? By, string? Reason);
