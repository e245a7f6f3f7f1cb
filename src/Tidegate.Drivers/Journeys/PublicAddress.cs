namespace Tidegate.Drivers.Journeys;

/// <summary>The address by which a tenant's users reach it.</summary>
internal static class PublicAddress
{
    /// <summary>The tenant's own idea of it where that is one of its hosts; otherwise its first host, by https as behind any gateway.</summary>
    /// <param name="baseUrl">The tenant's <c>web.base.url</c>, or null.</param>
    public static Uri Of(string? baseUrl, IReadOnlyList<string> hosts) =>
        Uri.TryCreate(baseUrl, UriKind.Absolute, out var known)
        && hosts.Contains(known.Host, StringComparer.OrdinalIgnoreCase)
            ? known
            : new Uri($"https://{hosts[0]}");
}
