using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Measurements;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>A tenant as the planner sees it: what is declared, what was observed, and what the release changes in it.</summary>
/// <param name="From">The release that serves it now.</param>
/// <param name="Facts">Null when its database could not be read; <paramref name="Problem"/> then says why.</param>
/// <param name="Modules">Installed modules whose content the release changes, sorted by name.</param>
/// <param name="BusyWith">The rollout that works on it now, or null.</param>
/// <param name="Problem">Why it cannot be planned, found while reading it, or null.</param>
public sealed record TenantCandidate(
    Tenant Tenant,
    Pool Pool,
    ReleaseRef From,
    TenantFacts? Facts,
    ImmutableArray<string> Modules,
    RolloutId? BusyWith,
    string? Problem
)
{
    /// <summary>How long its hold will take, where a rehearsal tells; null where nothing does.</summary>
    public HoldForecast? Forecast { get; init; }

    /// <summary>What its site has measured of itself.</summary>
    public SiteMeasurements Site { get; init; } = SiteMeasurements.None;
}

/// <summary>What was observed of a tenant's database.</summary>
/// <param name="Installed">Installed modules, sorted by name.</param>
public sealed record TenantFacts(long DatabaseBytes, ImmutableArray<string> Installed);
