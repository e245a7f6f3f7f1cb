namespace Tidegate.ControlPlane.Catalog.Facts;

/// <summary>What comes with each module of a release; worked out once a module.</summary>
public sealed class ModuleClosures(ReleaseFacts release)
{
    private readonly Dictionary<string, IReadOnlySet<string>> known = new(StringComparer.Ordinal);

    /// <summary>The module and everything it depends on, itself included; what is not in the release is left out.</summary>
    public IReadOnlySet<string> Of(string module) =>
        known.TryGetValue(module, out var closure) ? closure : known[module] = Find(module);

    /// <summary>
    /// The module, everything it depends on, and what installs itself once that is there. In which order the latter is
    /// loaded, nobody promises.
    /// </summary>
    public IReadOnlySet<string> WithAutoInstalled(string module)
    {
        var found = Of(module).ToHashSet(StringComparer.Ordinal);
        while (true)
        {
            var more = release
                .Modules.Values.Where(other =>
                    other.Module is { Installable: true, AutoInstall: { } triggers }
                    && !found.Contains(other.Name)
                    && triggers.All(found.Contains)
                )
                .SelectMany(other => Of(other.Name))
                .ToList();
            if (more.Count == 0)
            {
                return found;
            }

            found.UnionWith(more);
        }
    }

    private HashSet<string> Find(string module)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var pending = new Stack<string>([module]);
        while (pending.TryPop(out var name))
        {
            if (release.Modules.TryGetValue(name, out var view) && found.Add(name))
            {
                foreach (var dependency in view.Module.Depends)
                {
                    pending.Push(dependency);
                }
            }
        }

        return found;
    }
}
