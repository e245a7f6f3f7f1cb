using System.Collections.Frozen;
using Tidegate.ControlPlane.Catalog.Modules;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>The folders of a fleet.</summary>
internal static class Folders
{
    public static readonly ObjectFolder Sites = Named("sites", "site");
    public static readonly ObjectFolder Environments = Named("environments", "environment");
    public static readonly ObjectFolder Pools = Named("pools", "pool");
    public static readonly ObjectFolder Tenants = Named("tenants", "tenant");
    public static readonly ObjectFolder Releases = new("releases", "release", ReleaseNameRules.ReleasePattern, 64);
    public static readonly ObjectFolder Policies = Named("policies", "policy");
    public static readonly ObjectFolder Objectives = Named("objectives", "objective");
    public static readonly ObjectFolder Calendars = Named("calendars", "calendar");
    public static readonly ObjectFolder PolicyTests = Named(FleetLayout.PolicyTests, "policy-test");

    /// <summary>Folders that a fleet will have, and that nothing reads yet.</summary>
    public static readonly FrozenSet<string> Future = FrozenSet.Create(StringComparer.Ordinal, "journeys");

    private static ObjectFolder Named(string name, string noun) =>
        new(name, noun, NameRules.NamePattern, NameRules.LongestName);
}
