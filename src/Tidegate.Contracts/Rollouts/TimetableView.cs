namespace Tidegate.Contracts.Rollouts;

/// <summary>When a plan's tenants are expected to begin and to be done, by the calendars. A forecast, not a promise. Every time is by the clock of the tenant that it is of.</summary>
/// <param name="Until">How far calendars were looked ahead.</param>
/// <param name="Last">The tenant that is done last; null where nobody finds a place.</param>
/// <param name="Unfit">Tenants that find no place in that time.</param>
/// <param name="Past">Rules that somebody goes past in it, by name: as an emergency that names them.</param>
public sealed record TimetableView(
    DateTimeOffset From,
    DateTimeOffset Until,
    IReadOnlyList<TimetabledWaveView> Waves,
    TimetabledTenantView? Last,
    IReadOnlyList<UnfitTenantView> Unfit,
    IReadOnlyList<string> Past
);

/// <summary>A wave's tenants by their start.</summary>
public sealed record TimetabledWaveView(int Number, IReadOnlyList<TimetabledTenantView> Tenants);

/// <summary>One tenant's place.</summary>
/// <param name="Done">When it is open again.</param>
/// <param name="TimeZone">By whose clock its times are.</param>
/// <param name="Closes">When it closes after its start; null where that is not in sight.</param>
/// <param name="ClosedBy">Which rule closes it then, or null.</param>
public sealed record TimetabledTenantView(
    string Tenant,
    DateTimeOffset Start,
    DateTimeOffset Done,
    string TimeZone,
    DateTimeOffset? Closes,
    string? ClosedBy
);

/// <summary>A tenant without a place.</summary>
/// <param name="Reason">One sentence.</param>
/// <param name="Earliest">The first instant at which it would fit, alone; null where there is none in sight.</param>
public sealed record UnfitTenantView(string Tenant, string Reason, DateTimeOffset? Earliest);
