using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>Where a release's Odoo lies on this machine; absolute paths.</summary>
/// <param name="Executable">The script that starts Odoo.</param>
/// <param name="PythonPath">The folder that holds the package <c>odoo</c>.</param>
/// <param name="AddonsPaths">In the order in which Odoo looks for a module.</param>
internal sealed record ReleaseTree(string Executable, string PythonPath, ImmutableArray<string> AddonsPaths)
{
    /// <exception cref="ProcessStartException">The bundle is not in the site's store.</exception>
    public static ReleaseTree Find(SiteLayout layout, ReleaseDigest digest)
    {
        var tree = Path.Combine(layout.Bundles, digest.Hex, "tree");
        var python = Path.Combine(tree, "core", "usr", "lib", "python3", "dist-packages");
        var addons = Path.Combine(tree, "addons");
        return Directory.Exists(python)
            ? new(
                Path.Combine(tree, "core", "usr", "bin", "odoo"),
                python,
                [.. Directory.Exists(addons) ? [addons] : Array.Empty<string>(), Path.Combine(python, "odoo", "addons")]
            )
            : throw new ProcessStartException(
                $"Release {digest} is not on this site: {python} is missing. Build it with: tidegate release build"
            );
    }
}
