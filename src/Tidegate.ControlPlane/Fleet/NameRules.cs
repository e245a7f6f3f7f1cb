using System.Text;
using System.Text.RegularExpressions;

namespace Tidegate.ControlPlane.Fleet;

/// <summary>What a name may look like, and why another is refused. Names become parts of role names, database names, paths and headers.</summary>
public static partial class NameRules
{
    /// <summary>PostgreSQL cuts identifiers after 63 bytes (NAMEDATALEN - 1), silently.</summary>
    public const int PostgresIdentifierBytes = 63;

    /// <summary>Room kept behind a tenant's database name for the names made from it (<c>own_…</c>, <c>…__next</c>, <c>…__old_&lt;8 hex&gt;</c>).</summary>
    public const int DerivedNameBytes = 15;

    /// <summary>The longest database name a tenant may have, in bytes.</summary>
    public const int LongestDatabaseName = PostgresIdentifierBytes - DerivedNameBytes;

    /// <summary>What a name looks like, as a regular expression without anchors.</summary>
    public const string NamePattern = "[a-z][a-z0-9-]{0,39}";

    /// <summary>The longest name, in letters.</summary>
    public const int LongestName = 40;

    /// <summary>What a database's name looks like; beside it <see cref="LongestDatabaseName"/> holds.</summary>
    public const string DatabasePattern = "[a-z](_?[a-z0-9-])*_?";

    /// <summary>What a host name looks like; it has at most <see cref="LongestHost"/> letters.</summary>
    public const string HostPattern = @"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*";

    /// <summary>The longest host name (RFC 1035), in letters.</summary>
    public const int LongestHost = 253;

    /// <summary>Null when the name may be used; otherwise one sentence that says what is wrong.</summary>
    public static string? Refusal(string kind, string name) =>
        Name().IsMatch(name)
            ? null
            : $"{kind} name \"{name}\" is not allowed: use 1 to 40 lower-case letters, digits and hyphens, beginning with a letter.";

    /// <summary>Null when a tenant's database may have this name; otherwise one sentence that says what is wrong.</summary>
    public static string? DatabaseRefusal(string database)
    {
        if (Encoding.UTF8.GetByteCount(database) > LongestDatabaseName)
        {
            return $"database name \"{database}\" is longer than {LongestDatabaseName} bytes: PostgreSQL keeps {PostgresIdentifierBytes}, and a cutover needs {DerivedNameBytes} for the names of its copy and checkpoint. Rename the database.";
        }

        return Database().IsMatch(database)
            ? null
            : $"database name \"{database}\" is not allowed: use lower-case letters, digits, hyphens and single underscores, beginning with a letter.";
    }

    /// <summary>Whether this is a host name in lower case without port (RFC 1123).</summary>
    public static bool IsHost(string host) => host.Length <= LongestHost && Host().IsMatch(host);

    [GeneratedRegex(@"\A" + HostPattern + @"\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Host();

    [GeneratedRegex(@"\A" + NamePattern + @"\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"\A" + DatabasePattern + @"\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Database();
}
