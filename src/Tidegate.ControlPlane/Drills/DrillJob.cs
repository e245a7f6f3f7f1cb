using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Drills;

/// <summary>A drill that is to be played, with the promises that it is measured by as they were when it was ordered.</summary>
/// <param name="Tenant">With whose data; null where it is the site's.</param>
/// <param name="Database">That tenant's database.</param>
/// <param name="Databases">The databases of the site's tenants, by name: all of them must be there again.</param>
/// <param name="Objectives">Those that cover the tenant, or any tenant of the site.</param>
public sealed record DrillJob(
    DrillScenario Scenario,
    TenantName? Tenant,
    string? Database,
    ImmutableArray<string> Databases,
    ImmutableArray<RecoveryObjective> Objectives
)
{
    /// <summary>The tenant that is served in it, on the release that it has; null where none is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UpgradeTarget? Served { get; init; }

    public static JobKind<DrillJob, DrillResult> Kind { get; } = new("drill");

    /// <summary>One drill of a site at once.</summary>
    public const string Lane = "drill";
}
