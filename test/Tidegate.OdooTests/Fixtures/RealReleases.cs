using Tidegate.ControlPlane.Catalog;
using Tidegate.Drivers.Runtimes;

namespace Tidegate.OdooTests.Fixtures;

/// <summary>Builds releases of the real core as the product does: Python compiled, file contents shared with every other site of this machine.</summary>
internal static class RealReleases
{
    public static async Task<BundleBuilder> BuilderAsync(string bundles)
    {
        var cache = (await Repository.EngAsync("where", "cache"))[0];
        var store = new BundleStore(bundles, Path.Combine(cache, "releases"));
        return new BundleBuilder(store, TimeProvider.System, new SystemPython());
    }
}
