using Tidegate.Contracts.Gateway;
using Tidegate.Gateway.Routing;

namespace Tidegate.Gateway.Control;

/// <summary>What a control call may ask. Null: it may.</summary>
internal static class ControlChecks
{
    private const double LongestSeconds = 24 * 3600;

    public static string? Refusal(RouteChange change)
    {
        if (change.Hosts.Count == 0)
        {
            return "A route needs a host name.";
        }

        if (change.Hosts.Distinct(StringComparer.OrdinalIgnoreCase).Count() != change.Hosts.Count)
        {
            return "A host name is there twice.";
        }

        if (!IsHeaderValue(change.Database) || !IsHeaderValue(change.Generation))
        {
            return "Database and generation must be names of printable ASCII characters.";
        }

        return change.Hosts.Select(HostName.Refusal).FirstOrDefault(refusal => refusal is not null)
            ?? PortRefusal(change.HttpPort)
            ?? PortRefusal(change.EventedPort);
    }

    public static string? Refusal(HoldTerms terms) =>
        LeaseRefusal(terms.LeaseSeconds)
        ?? (
            terms.BoundSeconds is > 0 and <= LongestSeconds
                ? null
                : $"boundSeconds must be within 0 and {LongestSeconds}."
        )
        ?? (terms.MaxRequests >= 0 && terms.MaxBytes >= 0 ? null : "maxRequests and maxBytes must not be negative.");

    public static string? LeaseRefusal(double seconds) =>
        seconds is > 0 and <= LongestSeconds ? null : $"leaseSeconds must be within 0 and {LongestSeconds}.";

    private static string? PortRefusal(int port) =>
        port is > 0 and <= ushort.MaxValue ? null : $"{port} is not a port.";

    private static bool IsHeaderValue(string text) =>
        text.Length is > 0 and <= 200 && text.All(letter => letter is > ' ' and < '\x7f' and not '"');
}
