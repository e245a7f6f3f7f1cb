using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Catalog.Modules;

/// <summary>Which migration scripts an update has to run: what their lines in the log are compared with.</summary>
public static class MigrationScripts
{
    private static readonly string[] Folders = ["migrations", "upgrades"];

    private static readonly string[] Stages = ["pre-", "post-", "end-"];

    /// <summary>Every script that lies in a module's folder, whatever its version.</summary>
    public static IEnumerable<MigrationScript> In(string moduleFolder, string module) =>
        from folder in Folders
        let root = Path.Combine(moduleFolder, folder)
        where Directory.Exists(root)
        from version in Directory.EnumerateDirectories(root)
        from file in Directory.EnumerateFiles(version, "*.py")
        let name = Path.GetFileNameWithoutExtension(file)
        where Stages.Any(stage => name.StartsWith(stage, StringComparison.Ordinal))
        select new MigrationScript(module, Path.GetFileName(version), name);

    /// <summary>Whether a file of a module is a script that Odoo may run.</summary>
    /// <param name="path">Below the module's folder.</param>
    public static bool IsScript(string path) =>
        path.Split('/') is [var folder, _, var name]
        && Folders.Contains(folder, StringComparer.Ordinal)
        && name.EndsWith(".py", StringComparison.Ordinal)
        && Stages.Any(stage => name.StartsWith(stage, StringComparison.Ordinal));

    /// <summary>Those of <paramref name="scripts"/> that run when one module goes from one version to another. A folder whose name is no version never runs.</summary>
    /// <param name="installed">As the database has it, <c>19.0.1.0</c>.</param>
    /// <param name="target">As the database will have it, <c>19.0.1.1</c>.</param>
    /// <param name="series"><c>19.0</c>.</param>
    public static ImmutableArray<MigrationScript> Expected(
        IEnumerable<MigrationScript> scripts,
        string installed,
        string target,
        string series
    ) =>
        OdooVersion.TryParse(installed) is { } from && OdooVersion.TryParse(target) is { } to
            ? [.. scripts.Where(script => Runs(script.Version, from, to, series))]
            : [];

    /// <summary>Whether the scripts of a folder run when a module goes from one version to another; false when one of them is no version.</summary>
    public static bool Runs(string folder, string installed, string target, string series) =>
        OdooVersion.TryParse(installed) is { } from
        && OdooVersion.TryParse(target) is { } to
        && Runs(folder, from, to, series);

    private static bool Runs(string folder, OdooVersion from, OdooVersion to, string series)
    {
        if (folder is "0.0.0")
        {
            return from.IsBefore(to);
        }

        var isShort = folder.Count(letter => letter == '.') <= 2;
        if (OdooVersion.TryParse(isShort ? $"{series}.{folder}" : folder) is not { } version)
        {
            return false;
        }

        // A short name speaks of the module alone: a change of series must not run it again.
        return isShort
            ? Between(from.WithoutSeries(), version.WithoutSeries(), to.WithoutSeries())
            : Between(from, version, to);
    }

    private static bool Between(OdooVersion after, OdooVersion version, OdooVersion upTo) =>
        after.IsBefore(version) && !upTo.IsBefore(version);
}
