using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Modules;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Tests.Catalog;

public sealed class ModulesToUpdateTests : IDisposable
{
    private readonly CatalogFolder folder = new CatalogFolder().WithShop();

    [Fact]
    public void Only_modules_whose_content_changed_are_updated()
    {
        var from = folder.Built("1").Bundle;
        folder.Write("addons/promo/data.xml", "<odoo/>");
        var to = folder.Built("2").Bundle;

        var changes = Changes(from, to, Installed(from));

        Assert.Equal(["promo"], changes.Update);
        Assert.Empty(changes.Missing);
    }

    [Fact]
    public void A_change_of_scripts_and_styles_alone_needs_no_update()
    {
        var from = folder.Built("1").Bundle;
        folder.Write("addons/promo/static/src/promo.js", "changed");
        var to = folder.Built("2").Bundle;

        Assert.Empty(Changes(from, to, Installed(from)).Update);
    }

    [Fact]
    public void A_translation_that_the_tenant_does_not_speak_needs_no_update()
    {
        var from = folder.Built("1").Bundle;
        folder.Write("addons/promo/i18n/nl.po", "msgid");
        var to = folder.Built("2").Bundle;

        Assert.Empty(Changes(from, to, Installed(from), "nb_NO").Update);
        Assert.Equal(["promo"], Changes(from, to, Installed(from), "nl_BE").Update);
    }

    [Fact]
    public void The_database_s_own_checksum_counts_more_than_the_release_it_is_said_to_come_from()
    {
        var from = folder.Built("1").Bundle;
        folder.Write("addons/promo/data.xml", "<odoo/>");
        var to = folder.Built("2").Bundle;
        var current = Checksums(to, Installed(to).Keys, "en_US");
        var installed = Installed(from);
        installed["promo"] = installed["promo"] with { Checksum = current["promo"] };
        installed["sale"] = installed["sale"] with { Checksum = "another" };

        Assert.Equal(["sale"], Changes(from, to, installed).Update);
    }

    [Fact]
    public void A_module_recorded_with_another_version_is_updated_although_its_content_is_the_same()
    {
        var from = folder.Built("1").Bundle;
        var installed = Installed(from);
        installed["sale"] = installed["sale"] with { Version = "19.0.1.1" };

        Assert.Equal(["sale"], Changes(from, from, installed).Update);
    }

    [Fact]
    public void A_module_that_the_release_does_not_hold_is_named()
    {
        var from = folder.Built("1").Bundle;
        var installed = Installed(from);
        installed["gone"] = new("19.0.1.0", Checksum: null);

        Assert.Equal(["gone"], Changes(from, from, installed).Missing);
    }

    [Fact]
    public void The_planner_is_told_the_same_from_what_was_seen_of_a_tenant()
    {
        var from = folder.Built("1").Bundle;
        folder.Write("addons/promo/data.xml", "<odoo/>");
        var to = folder.Built("2").Bundle;
        var contents = new BundleContents(folder.Store);
        var tenant = new TenantObservation.Seen(
            DatabaseBytes: 1,
            from.Modules.ToImmutableSortedDictionary(module => module.Name, module => module.Version)
                .Add("gone", "19.0.1.0"),
            Checksums: null,
            ["en_US"]
        );

        Assert.Equal(["promo"], contents.ModulesToUpdate(from.Digest, to.Digest, tenant));
        Assert.Equal(["gone"], contents.MissingModules(to.Digest, tenant));
        Assert.True(contents.Has(to.Digest));
    }

    [Fact]
    public void Without_an_earlier_release_and_without_checksums_everything_is_updated()
    {
        var to = folder.Built("1").Bundle;

        var changes = ModulesToUpdate.Find(
            to,
            Checksums(to, ["base", "promo", "sale"], "en_US"),
            Checksums(to, [], "en_US"),
            Installed(to)
        );

        Assert.Equal(["base", "promo", "sale"], changes.Update);
    }

    public void Dispose() => folder.Dispose();

    private ModuleChanges Changes(
        BundleManifest from,
        BundleManifest to,
        Dictionary<string, InstalledModule> installed,
        string language = "en_US"
    ) =>
        ModulesToUpdate.Find(
            to,
            Checksums(to, installed.Keys, language),
            Checksums(from, installed.Keys, language),
            installed
        );

    private ImmutableDictionary<string, string> Checksums(
        BundleManifest bundle,
        IEnumerable<string> modules,
        string language
    ) => folder.Store.Checksums(bundle, modules, ChecksumRule.ClickOdoo.For([language]));

    private static Dictionary<string, InstalledModule> Installed(BundleManifest bundle) =>
        bundle.Modules.ToDictionary(
            module => module.Name,
            module => new InstalledModule(module.Version, Checksum: null),
            StringComparer.Ordinal
        );
}
