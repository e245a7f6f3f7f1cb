namespace Tidegate.Demo.Traffic;

/// <summary>A tenant as its customers and clerks see it: host names and a log-in. The driver knows nothing else of it.</summary>
/// <param name="Hosts">Host names without port; clients are spread over all of them.</param>
/// <param name="Database">What <c>/web/session/authenticate</c> asks for.</param>
internal sealed record Shop(string Tenant, IReadOnlyList<string> Hosts, string Database, string Login, string Password);
