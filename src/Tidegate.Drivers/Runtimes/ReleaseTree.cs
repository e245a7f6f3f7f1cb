using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>Where a release's Odoo lies on this machine; absolute paths.</summary>
/// <param name="Executable">The script that starts Odoo.</param>
/// <param name="PythonPath">The folder that holds the package <c>odoo</c>.</param>
/// <param name="AddonsPaths">In the order in which Odoo looks for a module.</param>
/// <param name="IsCompiled">It brings its Python compiled for this machine's interpreter.</param>
internal sealed record ReleaseTree(
    string Executable,
    string PythonPath,
    ImmutableArray<string> AddonsPaths,
    bool IsCompiled
)
{
    /// <exception cref="ProcessStartException">The bundle is not in the site's store.</exception>
    public static ReleaseTree Find(SiteLayout layout, ReleaseDigest digest)
    {
        var store = new BundleStore(layout.Bundles);
        if (store.Find(digest) is not { Odoo: { Executable: { } executable } odoo })
        {
            throw new ProcessStartException(
                $"Release {digest} is not in the site's store {layout.Bundles}, or its core has no program to start: build it with tidegate release build."
            );
        }

        var tree = store.TreeOf(digest);
        var pythonPath = In(odoo.PythonPath);
        return new(In(executable), pythonPath, [.. odoo.AddonsPaths.Select(In)], IsCompiledIn(pythonPath));

        string In(string path) => Path.Combine(tree, path);
    }

    /// <summary>A bundle is compiled whole or not at all, so one file that every Odoo has answers for all.</summary>
    private static bool IsCompiledIn(string pythonPath)
    {
        return SystemPython.CacheTag is { } tag
            && File.Exists(Path.Combine(pythonPath, "odoo", "__pycache__", $"release.{tag}.pyc"));
    }
}
