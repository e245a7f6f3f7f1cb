namespace Tidegate.ControlPlane.Catalog.Trees;

/// <summary>Which symbolic links a bundle may hold.</summary>
internal static class LinkRules
{
    // Debian's package takes jQuery, Font Awesome and its fonts from other packages. A tree stays the same bundle
    // whether they are installed or not; the manifest lists the links.
    private static readonly string[] SystemAssets = ["/usr/share/javascript", "/usr/share/fonts", "/usr/share/nodejs"];

    /// <summary>Judges one link.</summary>
    /// <param name="root">The folder that is being read, absolute.</param>
    /// <param name="below">The link's path below it, with <c>/</c>.</param>
    /// <returns>The target to record, and whether it lies outside; null when the link leaves the tree.</returns>
    public static (string Target, bool IsExternal)? Judge(string root, string below, string target)
    {
        if (target.StartsWith('/'))
        {
            return IsSystemAsset(target) ? (target, true) : null;
        }

        // Leading ".." climb real folders. Behind a name they could climb out of wherever that name is a link to.
        var parts = target.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var climbs = parts.TakeWhile(part => part is ".." or ".").Count(part => part is "..");
        if (parts.SkipWhile(part => part is ".." or ".").Contains("..", StringComparer.Ordinal))
        {
            return null;
        }

        var folders = below.Count(character => character == '/');
        if (climbs <= folders)
        {
            return (target, false);
        }

        // A tree that was read where the package manager put it reaches the system's folders by climbing.
        var absolute = Path.GetFullPath(target, Path.GetDirectoryName(Path.Join(root, below))!);
        return IsSystemAsset(absolute) ? (absolute, true) : null;
    }

    private static bool IsSystemAsset(string path) =>
        !path.Split('/').Contains("..", StringComparer.Ordinal)
        && SystemAssets.Any(folder =>
            path.StartsWith(folder, StringComparison.Ordinal)
            && (path.Length == folder.Length || path[folder.Length] is '/' or '-')
        );
}
