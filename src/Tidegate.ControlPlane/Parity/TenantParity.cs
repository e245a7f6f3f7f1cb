using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Parity;

/// <summary>What of a tenant must be alike in two environments, if what one of them showed is to hold in the other.</summary>
/// <param name="Release">The release that serves it.</param>
/// <param name="OdooVersion">That release's Odoo; null when its bundle is not known.</param>
/// <param name="Modules">Installed modules, and whether each has its release's version: <see cref="ModuleState"/>.</param>
/// <param name="Options">Its pool's options, without places and names of the site.</param>
/// <param name="Database">Null when it could not be read.</param>
public sealed record TenantParity(
    TenantName Tenant,
    ReleaseRef Release,
    string TimeZone,
    string? OdooVersion,
    string? Bridge,
    ImmutableSortedDictionary<string, string> Modules,
    ImmutableSortedDictionary<string, string> Options,
    DatabaseParity? Database
);

/// <summary>What of a tenant's database and cluster must be alike.</summary>
/// <param name="PostgresVersion"><c>15.14</c>.</param>
/// <param name="Extensions">Version by name.</param>
/// <param name="TimeZone">The time zone of sessions that set none.</param>
/// <param name="Languages">Active in Odoo.</param>
/// <param name="DataAsOf">When its data was last brought over from production; null when nobody wrote that down.</param>
public sealed record DatabaseParity(
    string PostgresVersion,
    ImmutableSortedDictionary<string, string> Extensions,
    string Encoding,
    string Collation,
    string CharacterType,
    string TimeZone,
    ImmutableArray<string> Languages,
    DateTimeOffset? DataAsOf
);

/// <summary>An installed module beside its release.</summary>
public static class ModuleState
{
    /// <summary>What environments on different releases have in common.</summary>
    public const string AsReleased = "as its release has it";

    /// <param name="released">The version in the release; null when the release does not bring the module.</param>
    public static string Of(string installed, string? released) =>
        released switch
        {
            null => $"{installed}, which its release does not bring",
            _ when installed == released => AsReleased,
            _ => $"{installed} instead of its release's {released}",
        };
}
