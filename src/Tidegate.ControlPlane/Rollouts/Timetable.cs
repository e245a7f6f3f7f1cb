using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>When a plan's tenants begin and are done, as calendars and forecasts say. A prediction: no part of the plan's hash.</summary>
/// <param name="From">From when on it was made.</param>
/// <param name="Until">How far calendars were looked ahead.</param>
/// <param name="Unfit">Tenants that find no place in that time.</param>
public sealed record Timetable(
    DateTimeOffset From,
    DateTimeOffset Until,
    ImmutableArray<TimetabledWave> Waves,
    ImmutableArray<UnfitTenant> Unfit
)
{
    /// <summary>Rules that somebody goes past in it, by name: as an emergency that names them.</summary>
    public ImmutableArray<string> Past { get; init; } = [];

    /// <summary>The one that is done last; null where nobody finds a place.</summary>
    public TimetabledTenant? Last =>
        Waves.SelectMany(wave => wave.Tenants).MaxBy(tenant => (tenant.Done, tenant.Tenant.Value));

    /// <summary>The first to begin; null where nobody finds a place.</summary>
    public TimetabledTenant? First =>
        Waves.SelectMany(wave => wave.Tenants).MinBy(tenant => (tenant.Start, tenant.Tenant.Value));
}

/// <summary>A wave's tenants by their start.</summary>
public sealed record TimetabledWave(int Number, ImmutableArray<TimetabledTenant> Tenants);

/// <summary>One tenant's place in a timetable.</summary>
/// <param name="Done">When it is open again.</param>
/// <param name="Zone">By whose clock its times are shown.</param>
/// <param name="Closes">When it closes after its start; null where that is not in sight.</param>
/// <param name="ClosedBy">Which rule closes it then, or null.</param>
public sealed record TimetabledTenant(
    TenantName Tenant,
    DateTimeOffset Start,
    DateTimeOffset Done,
    string Zone,
    DateTimeOffset? Closes,
    string? ClosedBy
);

/// <summary>A tenant without a place.</summary>
/// <param name="Reason">One sentence.</param>
/// <param name="Earliest">The first instant at which it would fit, alone; null where there is none in sight.</param>
public sealed record UnfitTenant(TenantName Tenant, string Reason, DateTimeOffset? Earliest);

/// <summary>What of calendars decides about a plan's tenants: an input of the plan, and of its hash.</summary>
/// <param name="Class">Of the release, or null.</param>
/// <param name="Risk">Of the release, or null.</param>
/// <param name="Rules">Those that speak of a tenant of the plan, in words, by name.</param>
public sealed record PlanCalendar(string? Class, string? Risk, ImmutableArray<string> Rules)
{
    public static PlanCalendar None { get; } = new(null, null, []);
}
