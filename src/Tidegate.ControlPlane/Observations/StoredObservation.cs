using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Observations;

/// <summary>What was last seen of a tenant.</summary>
/// <param name="Age">By the control database's clock.</param>
/// <param name="Modules">Names what is installed: tenants with the same have the same. Null when it could not be read.</param>
public sealed record StoredObservation(TenantObservation Observation, TimeSpan Age, string? Modules)
{
    /// <summary>It was looked at, and nothing is in the way.</summary>
    public bool IsGood => Observation is TenantObservation.Seen { Obstacles.IsEmpty: true };
}

/// <summary>What is installed in a database: the part of an observation that many tenants have in common.</summary>
internal sealed record ObservedModules(
    ImmutableSortedDictionary<string, string> Installed,
    ImmutableSortedDictionary<string, string>? Checksums,
    ImmutableArray<string> Languages
)
{
    public static ObservedModules Of(TenantObservation.Seen seen) =>
        new(seen.Installed, seen.Checksums, seen.Languages);

    /// <summary>As it was before it was stored: a dictionary that was read orders by the machine's language.</summary>
    public ObservedModules Ordered() =>
        this with
        {
            Installed = Installed.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Checksums = Checksums?.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
}
