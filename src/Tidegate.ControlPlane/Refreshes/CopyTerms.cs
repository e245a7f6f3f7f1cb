using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Refreshes;

/// <summary>Whose data a staging tenant has, and when it gets them anew.</summary>
/// <param name="Source">The tenant that its data come from.</param>
public sealed record CopyTerms(TenantName Source)
{
    public RefreshPace Refresh { get; init; } = RefreshPace.Weekly;

    /// <summary>Of the week, where it is refreshed weekly.</summary>
    public DayOfWeek Day { get; init; } = DayOfWeek.Sunday;

    /// <summary>By the staging tenant's own clock, <c>03:00</c>.</summary>
    public string At { get; init; } = "03:00";

    /// <summary>Users who keep login and password of the source. The journeys' user has the staging tenant's own password; any other cannot log in.</summary>
    public ImmutableArray<string> Logins { get; init; } = [];

    /// <summary>Modules or columns that keep credentials and bring no script to take them out: somebody has said that emptying them is enough.</summary>
    public ImmutableArray<string> Accepted { get; init; } = [];
}

/// <summary>How often a staging tenant gets its data anew.</summary>
public enum RefreshPace
{
    /// <summary>Only when somebody asks for it.</summary>
    Never,
    Daily,
    Weekly,
}

/// <summary>A tenant of which git says that its data are another's copy.</summary>
/// <param name="TimeZone">IANA name, of the staging tenant.</param>
/// <param name="Since">From when on git says so, in these words.</param>
public sealed record StagingTenant(TenantName Name, string TimeZone, CopyTerms Terms, DateTimeOffset Since);
