using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Gates;
using Tidegate.ControlPlane.Catalog.Python;
using Tidegate.ControlPlane.Catalog.Trees;

namespace Tidegate.ControlPlane.Catalog.Modules;

/// <summary>Whether every addon's dependencies can be met inside the release.</summary>
internal static class ModuleGraph
{
    /// <summary>
    /// Follows the installable addons' dependencies, through the core too. What else a core may lack is its makers' affair:
    /// a package may leave modules out.
    /// </summary>
    /// <param name="unreadable">Modules that are there, but of which nothing is known.</param>
    public static IEnumerable<Refusal> Check(
        IReadOnlyDictionary<string, ModuleSource> modules,
        IReadOnlySet<string> unreadable
    )
    {
        var roots = modules.Values.Where(source => source is { IsAddon: true, Module.Installable: true });
        var done = new HashSet<string>(StringComparer.Ordinal);
        return roots
            .OrderBy(source => source.Module.Name, StringComparer.Ordinal)
            .SelectMany(source => Visit(source, modules, unreadable, done, []))
            .ToImmutableArray();
    }

    private static IEnumerable<Refusal> Visit(
        ModuleSource source,
        IReadOnlyDictionary<string, ModuleSource> modules,
        IReadOnlySet<string> unreadable,
        HashSet<string> done,
        ImmutableArray<string> way
    )
    {
        var name = source.Module.Name;
        if (way.Contains(name, StringComparer.Ordinal))
        {
            var circle = way.SkipWhile(step => !string.Equals(step, name, StringComparison.Ordinal)).Append(name);
            yield return new(
                RefusalKind.Content,
                $"its dependencies go in a circle ({string.Join(" → ", circle)}): take one of them out.",
                RuleCodes.DependencyCycle,
                new(source.Manifest, source.DependsAt is [var first, ..] ? first : null)
            );
            yield break;
        }

        if (!done.Add(name))
        {
            yield break;
        }

        foreach (var (index, dependency) in source.Module.Depends.Index())
        {
            if (unreadable.Contains(dependency))
            {
                continue;
            }

            if (!modules.TryGetValue(dependency, out var needed) || !needed.Module.Installable)
            {
                yield return Missing(source, index, dependency, isThere: needed is not null);
                continue;
            }

            foreach (var refusal in Visit(needed, modules, unreadable, done, way.Add(name)))
            {
                yield return refusal;
            }
        }
    }

    private static Refusal Missing(ModuleSource source, int index, string dependency, bool isThere)
    {
        PythonPosition? place = index < source.DependsAt.Length ? source.DependsAt[index] : null;
        return new(
            RefusalKind.Content,
            isThere
                ? $"depends on \"{dependency}\", which is not installable in this release: make it so, or take the dependency out."
                : $"depends on \"{dependency}\", which is nowhere in this release: add the folder that holds it with --addons, or take the dependency out.",
            RuleCodes.DependencyMissing,
            new(source.Manifest, place)
        );
    }
}
