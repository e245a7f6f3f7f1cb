using System.Collections.Immutable;
using System.Text.Json;
using NodaTime;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Tests.Calendars;

/// <summary>Scopes of the vectors in ours: an application is a tenant, a namespace an environment, a cluster a site.</summary>
internal static class Scopes
{
    public static CalendarScope Everything { get; } = CalendarScope.Nothing with { Tenants = ["*"] };

    public static CalendarTarget Target(string tenant, string environment, string site) =>
        new(new TenantName(tenant), new(environment), new(site), new("shared"), [], DateTimeZone.Utc, null, null);

    public static CalendarScope Of(JsonElement selector) =>
        CalendarScope.Nothing with
        {
            Tenants = List(selector, "applications"),
            Environments = List(selector, "namespaces"),
            Sites = List(selector, "clusters"),
        };

    /// <summary>A cluster has two names there, and one that fits is enough.</summary>
    public static bool Matches(JsonElement input)
    {
        var scope = Of(input.GetProperty("selector")) with
        {
            Combine = input.GetProperty("combine").GetString() is "any" ? ScopeCombination.Any : ScopeCombination.All,
        };
        var target = input.GetProperty("target");
        return new[] { "clusterServer", "clusterName" }.Any(cluster =>
            scope.Covers(Target(Text(target, "application"), Text(target, "namespace"), Text(target, cluster)))
        );
    }

    private static ImmutableArray<string> List(JsonElement selector, string name) =>
        selector.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(one => one.GetString()!)] : [];

    private static string Text(JsonElement target, string name) => target.GetProperty(name).GetString()!;
}
