using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Refreshes;

namespace Tidegate.ControlPlane.DesiredState;

/// <summary>A database with its host names and its profile.</summary>
/// <param name="Hosts">Host names without port, lower case; the first is the one that journeys use.</param>
/// <param name="TimeZone">IANA name.</param>
public sealed record DesiredTenant(
    TenantName Name,
    PoolName Pool,
    string Database,
    ImmutableArray<string> Hosts,
    string TimeZone,
    TenantProfile Profile
) : INamed<TenantName>
{
    /// <summary>Words by which objectives name it together with others.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>How many stores sell with it.</summary>
    public int Stores { get; init; } = 1;

    /// <summary>What it sells, in a unit that all tenants share; null where nobody says.</summary>
    public int? Revenue { get; init; }

    /// <summary>The release that it runs when it becomes known; null is its environment's. From then on rollouts change it.</summary>
    public ReleaseName? JoinsOn { get; init; }

    /// <summary>Whose data it has, and when it gets them anew; null where its data are its own.</summary>
    public CopyTerms? CopyOf { get; init; }
}
