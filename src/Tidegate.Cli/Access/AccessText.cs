using System.Globalization;
using Tidegate.Contracts.Access;

namespace Tidegate.Cli.Access;

/// <summary>Access for people.</summary>
internal static class AccessText
{
    public static string Instant(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Instant(DateTimeOffset? at) => at is { } instant ? Instant(instant) : "-";

    /// <summary><c>everywhere</c>, <c>production</c>, <c>vip in production, pilot</c>.</summary>
    public static string Where(IReadOnlyList<string> environments, string? tags) =>
        (environments, tags) switch
        {
            ([], null) => "everywhere",
            ([], { } expression) => $"tenants with {expression}",
            (_, null) => string.Join(", ", environments),
            var (_, expression) => $"tenants with {expression} in {string.Join(", ", environments)}",
        };

    public static string Roles(IReadOnlyList<HeldRoleView>? roles) =>
        roles is null
            ? "all that its owner may"
            : string.Join("; ", roles.Select(role => $"{role.Role} {Where(role.Environments, role.Tags)}"));

    public static string Words(IReadOnlyList<string> words) => words.Count == 0 ? "-" : string.Join(", ", words);
}
