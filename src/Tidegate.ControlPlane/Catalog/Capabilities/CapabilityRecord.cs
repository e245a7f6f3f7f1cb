using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Catalog.Capabilities;

/// <summary>What a release can do, found by running it once in a sandbox. A fact sheet: what it means is <see cref="CapabilityVerdict"/>'s question.</summary>
/// <param name="Schema"><c>tidegate.capability/1</c>.</param>
/// <param name="Version">What <c>odoo --version</c> printed.</param>
/// <param name="Postgres">The version of the PostgreSQL that it ran on.</param>
/// <param name="Bridge">The version of the bridge that was loaded into it.</param>
/// <param name="Server">How its web server answered; without answers, why it did not start.</param>
public sealed record CapabilityRecord(
    string Schema,
    ReleaseDigest Digest,
    string Version,
    string Postgres,
    string Bridge,
    ServerFacts Server,
    OdooFacts Odoo
)
{
    public const string CurrentSchema = "tidegate.capability/1";

    /// <summary>The option of that key or flag, or null; null also when the options are not known.</summary>
    public OdooOption? Option(string nameOrFlag) =>
        Odoo.Options?.FirstOrDefault(option =>
            string.Equals(option.Name, nameOrFlag, StringComparison.Ordinal)
            || option.Flags.Contains(nameOrFlag, StringComparer.Ordinal)
        );
}

/// <summary>A web server of the release, started as a pool's generation is: prefork, with the bridge.</summary>
/// <param name="Problem">Why it did not come up, with the end of its log; null when it did.</param>
/// <param name="StartSeconds">Until it answered.</param>
public sealed record ServerFacts(ImmutableArray<RouteAnswer> Routes, string? Problem, double StartSeconds);

/// <summary>What a route answered to a visitor who is not logged in.</summary>
/// <param name="Name"><c>GET /web/health</c>; at the evented process <c>GET /websocket/health (evented)</c>.</param>
/// <param name="Status">Null when there was no answer.</param>
/// <param name="Body">The first 200 characters.</param>
public sealed record RouteAnswer(string Name, int? Status, string Body);
