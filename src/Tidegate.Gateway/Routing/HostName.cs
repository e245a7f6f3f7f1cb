namespace Tidegate.Gateway.Routing;

/// <summary>Host names as they are compared: no port, no trailing dot. Case is left to the comparer.</summary>
internal static class HostName
{
    /// <summary>The name in a Host header: <c>Shop.Example.:8069</c> gives <c>Shop.Example</c>.</summary>
    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> hostHeader)
    {
        if (hostHeader.StartsWith('['))
        {
            var end = hostHeader.IndexOf(']');
            return end < 0 ? [] : hostHeader[..(end + 1)];
        }

        var colon = hostHeader.IndexOf(':');
        return (colon < 0 ? hostHeader : hostHeader[..colon]).TrimEnd('.');
    }

    /// <summary>Null when a route may have this name; otherwise what is wrong with it.</summary>
    public static string? Refusal(string host) =>
        host.Length is 0 or > 253 || Uri.CheckHostName(host) == UriHostNameType.Unknown || !Of(host).SequenceEqual(host)
            ? $"\"{host}\" is not a host name: give it without scheme, port or final dot"
            : null;
}
