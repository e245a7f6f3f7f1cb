namespace Tidegate.ControlPlane.Policy;

/// <summary>Which gates a release passes before it enters an environment.</summary>
public sealed record GatePolicy
{
    /// <summary>The release's stored validation has no error-level finding.</summary>
    public GateDemand Validation { get; init; }

    /// <summary>The release's digest has a proven capability record.</summary>
    public GateDemand Capability { get; init; }

    /// <summary>The options of the environment's pools are legal for the release's series, and fit the site.</summary>
    public GateDemand Configuration { get; init; }

    /// <summary>The upstream environment resembles this one.</summary>
    public GateDemand Parity { get; init; }

    /// <summary>The drills that objectives want proven were played in time and came out well.</summary>
    public GateDemand Drilled { get; init; }
}

/// <summary>What a gate's verdict means for the work behind it.</summary>
public enum GateDemand
{
    /// <summary>The gate is not asked.</summary>
    Off,

    /// <summary>It is asked and its verdict is shown; work goes on whatever it says.</summary>
    Report,

    /// <summary>Only <c>Pass</c> lets work through.</summary>
    Required,
}
