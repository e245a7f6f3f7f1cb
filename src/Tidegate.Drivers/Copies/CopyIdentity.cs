using System.Security.Cryptography;
using System.Text;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Copies;

/// <summary>What Odoo tells one database from another by. Holds no secret: it may be kept.</summary>
/// <param name="SecretHash">Of <c>database.secret</c>.</param>
public sealed record CopyIdentity(string Uuid, string SecretHash, string BaseUrl)
{
    /// <summary>The identity of a database that may be copied, or of a copy that was not neutralised yet.</summary>
    /// <exception cref="CopyRefusedException">It says none: it is no Odoo database.</exception>
    public static async Task<CopyIdentity> ReadAsync(CopyDatabase database, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await ReadAsync(session, cancellationToken)
            ?? throw new CopyRefusedException(
                database.Name,
                ["it has no database.uuid or no database.secret, so that nothing tells it from its source"]
            );
    }

    internal static async Task<CopyIdentity?> ReadAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        var values = (
            await session.QueryAsync(
                "select key, value from ir_config_parameter where key in ('database.uuid', 'database.secret', 'web.base.url')",
                [],
                row => KeyValuePair.Create(row.GetString(0), row.GetString(1)),
                cancellationToken
            )
        ).ToDictionary(StringComparer.Ordinal);
        return
            values.GetValueOrDefault("database.uuid") is { Length: > 0 } uuid
            && values.GetValueOrDefault("database.secret") is { Length: > 0 } secret
            ? new(uuid, Hash(secret), values.GetValueOrDefault("web.base.url", ""))
            : null;
    }

    private static string Hash(string secret) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
