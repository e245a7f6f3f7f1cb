namespace Tidegate.ControlPlane.Observations;

/// <summary>How often tenants' databases are looked at, and how old what was seen may be.</summary>
public sealed record ObservationOptions
{
    /// <summary>What was seen longer ago than this is no input of a plan.</summary>
    public TimeSpan Bound { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Each tenant is looked at this often.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A plan of at most so many tenants looks at each of them anew: an obstacle that was just removed, a module that was just installed.</summary>
    public int Few { get; init; } = 100;

    /// <summary>How long a plan waits for a site's server to look.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long one look may take.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Databases that one server looks at, at once.</summary>
    public int AtOnce { get; init; } = 4;
}
