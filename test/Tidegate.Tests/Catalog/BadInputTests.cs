using System.Diagnostics;
using System.Net.Sockets;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Trees;

namespace Tidegate.Tests.Catalog;

public sealed class BadInputTests
{
    [Theory]
    [InlineData("{'depends': ['sale'", "__manifest__.py:1:20: \",\" or \"]\" is missing")]
    [InlineData("{'depends': get()}", "__manifest__.py:1:13: the name \"get\" stands where a literal must")]
    [InlineData("['sale']", "__manifest__.py:1:1: a manifest is a dictionary, this is a list")]
    [InlineData("{'depends': 'sale'}", "__manifest__.py:1:13: \"depends\" is a list of module names, this is a string")]
    [InlineData(
        "{'depends': ['sale', 7]}",
        "__manifest__.py:1:22: \"depends\" is a list of module names, this is a number"
    )]
    [InlineData(
        "{'depends': ['sale'],\n 'version': '17.0.1.0.0'}",
        "__manifest__.py:2:13: version \"17.0.1.0.0\" is made for another series than the core's 19.0"
    )]
    [InlineData("{'version': '1.x'}", "__manifest__.py:1:13: version \"1.x\" is none that Odoo 19.0 takes")]
    [InlineData(
        "{'depends': ['sale', 'nowhere']}",
        "__manifest__.py:1:22: depends on \"nowhere\", which is nowhere in this release"
    )]
    [InlineData("{'depends': ['sleeping']}", "__manifest__.py:1:14: depends on \"sleeping\", which is not installable")]
    [InlineData("{'depends': ['promo2']}", "(promo → promo2 → promo)")]
    [InlineData(
        "{'auto_install': ['sale']}",
        "__manifest__.py:1:19: auto_install names \"sale\", which is not among its depends"
    )]
    public void A_wrong_manifest_is_refused_with_its_place_and_nothing_is_stored(string manifest, string sentence)
    {
        using var folder = new CatalogFolder().WithShop();
        folder.Module("core/odoo/addons/sleeping", "{'installable': False}");
        folder.Module("addons/promo2", "{'depends': ['promo']}");
        folder.Module("addons/promo", manifest);

        var refused = Assert.IsType<BuildResult.Refused>(folder.Build());

        Assert.Contains(sentence, refused.Reasons[0].Sentence, StringComparison.Ordinal);
        Assert.Equal(RefusalKind.Content, refused.Reasons[0].Kind);
        Assert.Empty(folder.Stored());
    }

    [Fact]
    public void A_folder_that_is_no_Odoo_is_refused()
    {
        using var folder = new CatalogFolder().WithShop();
        File.Delete(folder.At("core/odoo/release.py"));

        var refusal = folder.Refused();

        Assert.Equal(RefusalKind.Usage, refusal.Kind);
        Assert.Contains("holds no Odoo", refusal.Sentence, StringComparison.Ordinal);
        Assert.Empty(folder.Stored());
    }

    [Fact]
    public void A_release_file_without_a_version_is_refused()
    {
        using var folder = new CatalogFolder().WithShop();
        folder.Write("core/odoo/release.py", "import os\nversion_info = os.environ\n");

        Assert.Contains("version_info", folder.Refused().Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../other")]
    [InlineData("a b")]
    [InlineData(".hidden")]
    public void A_name_that_could_be_no_file_s_is_refused(string name)
    {
        using var folder = new CatalogFolder().WithShop();

        Assert.Contains("is not allowed", folder.Refused(name).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_addons_of_one_name_are_refused_also_when_one_is_the_core_s()
    {
        using var folder = new CatalogFolder().WithShop();
        folder.Module("addons/sale", "{}");
        folder.Module("more/promo", "{}");

        var refused = Assert.IsType<BuildResult.Refused>(folder.Build(addons: [folder.Addons, folder.At("more")]));

        Assert.Collection(
            refused.Reasons,
            first => Assert.Contains("are both the module sale", first.Sentence, StringComparison.Ordinal),
            second => Assert.Contains("are both the module promo", second.Sentence, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../../../../../../../../etc/passwd")]
    [InlineData("static/../../../outside")]
    [InlineData("/usr/share/fonts/../../../etc/passwd")]
    public void A_link_out_of_the_release_is_refused(string target)
    {
        using var folder = new CatalogFolder().WithShop();
        File.CreateSymbolicLink(folder.At("addons/promo/link"), target);

        Assert.Contains(
            $"is a link to {target}, outside the release",
            folder.Refused().Sentence,
            StringComparison.Ordinal
        );
        Assert.Empty(folder.Stored());
    }

    [Fact]
    public void A_link_inside_the_release_and_one_to_the_system_s_fonts_are_kept()
    {
        using var folder = new CatalogFolder().WithShop();
        folder.Module("addons/other", "{}");
        File.CreateSymbolicLink(folder.At("addons/promo/link"), "../other/__init__.py");
        File.CreateSymbolicLink(folder.At("addons/promo/font"), "/usr/share/fonts-roboto/Roboto.ttf");

        var bundle = folder.Built().Bundle;

        Assert.Equal("/usr/share/fonts-roboto/Roboto.ttf", bundle.External["addons/promo/font"]);
        Assert.Equal(
            "../other/__init__.py",
            new FileInfo(Path.Join(folder.Store.TreeOf(bundle.Digest), "addons/promo/link")).LinkTarget
        );
    }

    [Fact]
    public void A_socket_is_refused()
    {
        using var folder = new CatalogFolder().WithShop();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(folder.At("addons/promo/s")));

        Assert.Contains("is a device, socket or pipe", folder.Refused().Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_in_the_manifest_s_place_is_not_waited_for()
    {
        using var folder = new CatalogFolder().WithShop();
        File.Delete(folder.At("core/addons/sale/__manifest__.py"));
        using (var made = Process.Start("mkfifo", folder.At("core/addons/sale/__manifest__.py")))
        {
            made.WaitForExit();
        }

        var refused = Assert.IsType<BuildResult.Refused>(folder.Build());

        Assert.Contains(refused.Reasons, reason => reason.Sentence.Contains("pipe", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("é")]
    [InlineData("my-addon")]
    public void A_module_whose_name_Odoo_cannot_import_is_refused(string name)
    {
        using var folder = new CatalogFolder().WithShop();
        folder.Module($"addons/{name}", "{}");

        Assert.Contains("can be no module's", folder.Refused().Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing", "is no folder")]
    [InlineData("addons/promo", "is a module itself")]
    [InlineData("empty", "holds no module")]
    public void A_folder_of_addons_must_hold_modules(string path, string sentence)
    {
        using var folder = new CatalogFolder().WithShop();
        Directory.CreateDirectory(folder.At("empty"));

        var refused = Assert.IsType<BuildResult.Refused>(folder.Build(addons: [folder.At(path)]));

        Assert.Contains(sentence, Assert.Single(refused.Reasons).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_leaves_nothing_behind()
    {
        using var folder = new CatalogFolder().WithShop();
        // A file where the pool's folder must be fails like a disk that takes nothing more, in the middle of the work.
        folder.Write("store/releases", "");

        var refused = Assert.IsType<BuildResult.Refused>(folder.Build());

        Assert.Equal(RefusalKind.Machine, Assert.Single(refused.Reasons).Kind);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.At("store/tmp")));
    }
}
