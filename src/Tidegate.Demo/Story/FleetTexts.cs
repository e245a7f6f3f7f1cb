using System.Globalization;
using Tidegate.Contracts.Fleet;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Demo.Story;

/// <summary>The files of the story's fleet, as docs/fleet.md describes them.</summary>
internal static class FleetTexts
{
    public const string Policy = "demo";

    /// <summary>Everything but environments and releases.</summary>
    public static IEnumerable<(string Path, string Text)> Of(StoryFleet fleet) =>
        [
            ("tidegate.yaml", "organisation: Demo Shops\n"),
            // Two cores carry the customers of all shops as well: two cutovers at once would make both holds longer.
            ($"policies/{Policy}.yaml", "rollout:\n  concurrency: 1\n"),
            .. fleet
                .Pools.Select(pool => pool.Site)
                .Distinct(StringComparer.Ordinal)
                .Select(site => ($"sites/{site}.yaml", "{}\n")),
            .. fleet.Pools.Select(Pool),
            .. fleet.Tenants.Select(Tenant),
            .. fleet.Objectives.Select(objective => ($"objectives/{objective.Name}.yaml", objective.Text)),
        ];

    public static (string Path, string Text) Release(string name, ReleaseDigest digest) =>
        ($"releases/{name}.yaml", $"digest: {digest}\n");

    public static (string Path, string Text) Environment((string Name, string Terms) environment, string release) =>
        ($"environments/{environment.Name}.yaml", $"release: {release}\npolicy: {Policy}\n{environment.Terms}");

    private static (string Path, string Text) Pool(PoolDocument pool) =>
        (
            $"pools/{pool.Name}.yaml",
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                site: {pool.Site}
                environment: {pool.Environment}
                hosting: {pool.Hosting}
                workers: {pool.Workers}

                """
            )
        );

    private static (string Path, string Text) Tenant(TenantDocument tenant) =>
        (
            $"tenants/{tenant.Name}.yaml",
            $"""
            pool: {tenant.Pool}
            database: {tenant.Database}
            hosts: [{string.Join(", ", tenant.Hosts)}]
            timeZone: {tenant.TimeZone}
            journeys:
              login: {tenant.JourneyLogin}
              secret: {tenant.JourneySecret}

            """
        );
}
