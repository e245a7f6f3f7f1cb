using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.DesiredState;

/// <summary>A group of pools that gets its releases together.</summary>
public sealed record DesiredEnvironment(EnvironmentName Name) : INamed<EnvironmentName>
{
    /// <summary>The release that its tenants should run; null asks for none.</summary>
    public ReleaseName? Release { get; init; }

    /// <summary>Environments in which the very same digest must have been verified before; all of them. Empty asks for none.</summary>
    public ImmutableArray<EnvironmentName> Upstream { get; init; } = [];

    /// <summary>How long the digest must have stayed there, healthy and without a break, since it was verified.</summary>
    public TimeSpan Soak { get; init; }

    /// <summary>Null is <see cref="EnvironmentPolicy.Default"/>.</summary>
    public PolicyName? Policy { get; init; }

    /// <summary>On which line of its file each key stands that it says.</summary>
    public ImmutableSortedDictionary<string, int> Lines { get; init; } = ImmutableSortedDictionary<string, int>.Empty;
}
