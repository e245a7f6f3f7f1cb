using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog;

namespace Tidegate.Drivers.Runtimes;

/// <summary>In which order modules are imported before the workers are forked.</summary>
internal static class PreloadOrder
{
    /// <summary>Those of <paramref name="installed"/> that the release holds, each after what it depends on.</summary>
    public static ImmutableArray<string> Of(BundleManifest bundle, IReadOnlySet<string> installed)
    {
        var modules = bundle.Modules.ToDictionary(module => module.Name, StringComparer.Ordinal);
        var order = ImmutableArray.CreateBuilder<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in installed.Order(StringComparer.Ordinal))
        {
            Visit(name);
        }

        return order.ToImmutable();

        void Visit(string name)
        {
            if (!installed.Contains(name) || !modules.TryGetValue(name, out var module) || !seen.Add(name))
            {
                return;
            }

            foreach (var dependency in module.Depends)
            {
                Visit(dependency);
            }

            order.Add(name);
        }
    }
}
