using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Catalog;

/// <summary>A module as a tenant's database has it.</summary>
/// <param name="Version">Column <c>latest_version</c>, which holds the installed version.</param>
/// <param name="Checksum">What <c>module_auto_update.installed_checksums</c> says of it; null when it says nothing.</param>
public sealed record InstalledModule(string Version, string? Checksum);

/// <summary>What a release changes for one tenant.</summary>
/// <param name="Update">Installed modules to update, in code point order. Odoo updates their installed dependants by itself.</param>
/// <param name="Missing">Installed modules that the release does not hold: such a release must not go to this tenant.</param>
public sealed record ModuleChanges(ImmutableArray<string> Update, ImmutableArray<string> Missing);

/// <summary>Which installed modules a release must update, found by content.</summary>
public static class ModulesToUpdate
{
    /// <summary>
    /// A module is updated when its content is not the one that the database was last updated with: by the database's
    /// own checksum where there is one, otherwise by the content in the release that served it. Also when the recorded
    /// version is another than the release's, since then the last update did not take.
    /// </summary>
    /// <param name="to">The release to go to.</param>
    /// <param name="toChecksums">Its modules' checksums by the tenant's rule (<see cref="BundleStore.Checksums"/>).</param>
    /// <param name="fromChecksums">The same of the release that serves the tenant; empty when there is none.</param>
    /// <param name="installed">The modules in state <c>installed</c>.</param>
    public static ModuleChanges Find(
        BundleManifest to,
        IReadOnlyDictionary<string, string> toChecksums,
        IReadOnlyDictionary<string, string> fromChecksums,
        IReadOnlyDictionary<string, InstalledModule> installed
    )
    {
        var offered = to
            .Modules.Where(module => module.Installable)
            .ToDictionary(module => module.Name, StringComparer.Ordinal);
        var known = installed.Where(module => offered.ContainsKey(module.Key));
        var changed = known.Where(module =>
            !string.Equals(module.Value.Version, offered[module.Key].Version, StringComparison.Ordinal)
            || !string.Equals(
                module.Value.Checksum ?? fromChecksums.GetValueOrDefault(module.Key),
                toChecksums.GetValueOrDefault(module.Key),
                StringComparison.Ordinal
            )
            || !toChecksums.ContainsKey(module.Key)
        );
        return new(
            [.. changed.Select(module => module.Key).Order(StringComparer.Ordinal)],
            [.. installed.Keys.Where(name => !offered.ContainsKey(name)).Order(StringComparer.Ordinal)]
        );
    }
}
