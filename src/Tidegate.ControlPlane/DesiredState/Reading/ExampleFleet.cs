using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tidegate.ControlPlane.DesiredState.Schema;

namespace Tidegate.ControlPlane.DesiredState.Reading;

/// <summary>A small fleet to begin with. It validates as it is.</summary>
public static class ExampleFleet
{
    private const string SchemaFolder = "schema";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>Path and text of each file, the schemas for editors among them.</summary>
    public static IReadOnlyList<(string Path, string Text)> Files =>
        [
            .. Objects.Select(file => (file.Path, $"{Heading(file.Path)}\n{file.Text}")),
            .. JsonSchemas.All.Select(schema => ($"{SchemaFolder}/{schema.File}", Text(schema.Schema))),
        ];

    private static (string Path, string Text)[] Objects =>
        [
            (FleetLayout.Root, "organisation: Example Shops\n"),
            (
                "sites/local.yaml",
                """
                # A site is a machine, or a cluster. Everything on it is backed up.
                backups:
                  fullEvery: 7d
                  differentialEvery: 1d
                tenantBackups:
                  every: 1d

                """
            ),
            (
                "policies/careful.yaml",
                """
                # Every key has a default; these differ from it.
                rollout:
                  waves: [1, 0]   # one shop first, then all that are left
                  bake: 30m       # each shop is watched for that long after opening
                gates:
                  validation: required

                """
            ),
            ("environments/staging.yaml", "# A release comes here first.\nrelease: 2026.11.1\n"),
            (
                "environments/production.yaml",
                """
                # A commit that changes this line sends a release out.
                release: 2026.11.1
                # It must have been verified in staging, and stayed there, healthy, for a day.
                upstream: [staging]
                soak: 24h
                policy: careful

                """
            ),
            ("pools/staging.yaml", "site: local\nenvironment: staging\nworkers: 2\n"),
            ("pools/shared.yaml", "site: local\nenvironment: production\nworkers: 4\n"),
            ("tenants/shop-test.yaml", Tenant("staging", "shop_test", "test.shops.example")),
            ("tenants/shop-oslo.yaml", Tenant("shared", "shop_oslo", "oslo.shops.example")),
            (
                "releases/2026.11.1.yaml",
                $"""
                # Put the digest here that tidegate release build prints.
                digest: sha256:{new string('0', 64)}
                notes:
                  summary: The first release.

                """
            ),
            (
                "objectives/order-capture.yaml",
                """
                # Taking orders works again a quarter of an hour after a loss, and loses the last minute at most.
                process: order-capture
                recoveryTime: 15m
                recoveryPoint: 1m
                environments: [production]
                documents: [sale.order, pos.order]

                """
            ),
            (
                "calendars/retail.yaml",
                """
                # When change may start, in each shop's own time.
                rules:
                  - name: nights
                    effect: window
                    scope: {environments: [production]}
                    when: {hours: "22:00-06:00"}
                  - name: black-friday
                    preset: black-friday-week
                    scope: {environments: [production]}

                """
            ),
            (
                "policy-tests/production.yaml",
                """
                # What the policy and the calendar are meant to say: tidegate policy test tries it.
                cases:
                  - name: a release that was verified in staging for a day starts at night
                    environment: production
                    at: 2026-11-18T23:00 Europe/Oslo
                    given: {soaked: 24h}
                    expect: {start: true, soak: 24h, bake: 30m}
                  - name: nothing starts in the week of Black Friday
                    environment: production
                    at: 2026-11-27T23:00 Europe/Oslo
                    expect:
                      held: ["freeze:retail/black-friday"]
                      opens: 2026-12-02T00:00 Europe/Oslo
                  - name: a release with errors stays out
                    environment: production
                    at: 2026-11-18T23:00 Europe/Oslo
                    given: {gates: {validation: fail}}
                    expect: {held: [validation]}

                """
            ),
        ];

    private static string Tenant(string pool, string database, string host) =>
        $"""
            pool: {pool}
            database: {database}
            hosts: [{host}]
            timeZone: Europe/Oslo
            journeys:
              login: journeys
              secret: {database.Replace(
                '_',
                '-'
            )}   # the file of that name in the site's folder secrets has the password

            """;

    private static string Heading(string path)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var (up, known) = slash < 0 ? ("", FleetSchema.Objects[0]) : ("../", FleetSchema.Find(path[..slash])!);
        return $"# yaml-language-server: $schema={up}{SchemaFolder}/{JsonSchemas.FileOf(known.Schema)}";
    }

    /// <summary>As the published files have it.</summary>
    internal static string Text(System.Text.Json.Nodes.JsonObject schema) => schema.ToJsonString(Indented) + "\n";
}
