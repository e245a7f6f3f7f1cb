using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Modules;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Runtimes;

namespace Tidegate.Tests.Runtimes;

public sealed class PreloadOrderTests
{
    [Fact]
    public void A_module_comes_after_what_it_depends_on()
    {
        var bundle = Bundle(("shop", ["sale", "base"]), ("sale", ["web"]), ("web", ["base"]), ("base", []));

        Assert.Equal(
            ["base", "web", "sale", "shop"],
            PreloadOrder.Of(bundle, Installed("shop", "base", "web", "sale"))
        );
    }

    [Fact]
    public void A_module_that_is_not_installed_or_not_in_the_release_is_left_out()
    {
        var bundle = Bundle(("sale", ["web"]), ("web", ["base"]), ("base", []), ("stock", ["base"]));

        Assert.Equal(
            ["base", "web", "sale"],
            PreloadOrder.Of(bundle, Installed("base", "web", "sale", "removed_in_this_release"))
        );
    }

    private static ImmutableHashSet<string> Installed(params string[] names) => [.. names];

    private static BundleManifest Bundle(params (string Name, string[] Depends)[] modules) =>
        new(
            BundleManifest.CurrentSchema,
            ReleaseDigest.Create("sha256:" + new string('0', 64)),
            new OdooCore("19.0", "19.0", "core", "core/odoo-bin", []),
            0,
            0,
            [
                .. modules.Select(module => new ReleaseModule(
                    module.Name,
                    "",
                    "19.0.1.0",
                    [.. module.Depends],
                    null,
                    true,
                    ""
                )),
            ],
            ImmutableSortedDictionary<string, string>.Empty
        );
}
