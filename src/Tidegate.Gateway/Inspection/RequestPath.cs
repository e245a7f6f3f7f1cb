namespace Tidegate.Gateway.Inspection;

/// <summary>A path as Odoo will understand it after it has decoded it: for deciding, never for forwarding.</summary>
internal static class RequestPath
{
    /// <summary>Decoded to the end, single slashes, no slash at the end. Nearly always the same string again.</summary>
    /// <remarks>
    /// The server in front of us leaves <c>%2F</c> encoded and the one behind decodes it, so <c>/web%2Fdatabase</c> must
    /// count as <c>/web/database</c>.
    /// </remarks>
    public static string Canonical(string path)
    {
        for (var rounds = 0; rounds < 4 && path.Contains('%', StringComparison.Ordinal); rounds++)
        {
            path = Uri.UnescapeDataString(path);
        }

        while (path.Contains("//", StringComparison.Ordinal))
        {
            path = path.Replace("//", "/", StringComparison.Ordinal);
        }

        return path.Length > 1 && path[^1] == '/' ? path[..^1] : path;
    }

    /// <summary>True when <paramref name="route"/> (<c>/web/database</c>) is the path or a beginning of it in whole segments, also behind a language prefix (<c>/fr/web/database</c>).</summary>
    public static bool IsUnder(ReadOnlySpan<char> path, ReadOnlySpan<char> route)
    {
        if (BeginsWith(path, route))
        {
            return true;
        }

        var second = path.Length > 1 ? path[1..].IndexOf('/') : -1;
        return second >= 0 && BeginsWith(path[(second + 1)..], route);
    }

    /// <summary>True for what the evented child serves: <c>/websocket</c> and, in old series, <c>/longpolling</c>.</summary>
    public static bool IsEvented(ReadOnlySpan<char> path) =>
        BeginsWith(path, "/websocket") || BeginsWith(path, "/longpolling");

    private static bool BeginsWith(ReadOnlySpan<char> path, ReadOnlySpan<char> route) =>
        path.StartsWith(route, StringComparison.OrdinalIgnoreCase)
        && (path.Length == route.Length || path[route.Length] == '/');
}
