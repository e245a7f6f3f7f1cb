using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Drift;

/// <summary>Compares what a database says is installed with what its release brings. Pure.</summary>
public static class ModuleDrift
{
    public static IEnumerable<Difference> Of(
        ExpectedTenant tenant,
        ImmutableSortedDictionary<string, string> installed,
        ImmutableDictionary<string, string> released
    ) =>
        installed
            .Where(module => released.GetValueOrDefault(module.Key) != module.Value)
            .Select(module =>
                released.TryGetValue(module.Key, out var version)
                    ? new Difference(
                        tenant.Subject,
                        tenant.Environment,
                        DriftCode.ModuleVersion,
                        module.Key,
                        version,
                        module.Value
                    )
                    : new Difference(
                        tenant.Subject,
                        tenant.Environment,
                        DriftCode.ModuleForeign,
                        module.Key,
                        "not installed",
                        module.Value
                    )
            );
}
