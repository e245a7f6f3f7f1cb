using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Trees;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Runtimes;

namespace Tidegate.Tests.Catalog;

public sealed class SharedObjectsTests : IDisposable
{
    private readonly CatalogFolder folder = new CatalogFolder().WithShop();

    [Fact]
    public void Stores_that_share_keep_one_file_of_each_content_and_stay_whole_without_the_shared_folder()
    {
        folder.Write("addons/promo/data.xml", "<odoo/>");
        var (first, second) = (Sharing("first"), Sharing("second"));

        var digest = Built(first).Digest;
        Assert.Equal(digest, Built(second).Digest);

        Assert.Equal(
            Posix.Status(In(first, digest, "addons/promo/data.xml")).Identity,
            Posix.Status(In(second, digest, "addons/promo/data.xml")).Identity
        );
        Directory.Delete(folder.At("shared"), recursive: true);
        Assert.Equal("<odoo/>", File.ReadAllText(In(second, digest, "addons/promo/data.xml")));
        Assert.Equal(digest, Built(Sharing("third")).Digest);
    }

    [Fact]
    public void A_shared_file_that_somebody_wrote_to_gets_into_no_further_release()
    {
        folder.Write("addons/promo/data.xml", "<odoo/>");
        var (first, second) = (Sharing("first"), Sharing("second"));
        var digest = Built(first).Digest;
        File.WriteAllText(In(first, digest, "addons/promo/data.xml"), "<evil/>");

        Built(second);

        Assert.Equal("<odoo/>", File.ReadAllText(In(second, digest, "addons/promo/data.xml")));
    }

    [Fact]
    public void A_shared_folder_that_others_may_write_to_is_refused_and_nothing_is_stored()
    {
        Directory.CreateDirectory(folder.At("shared"));
        File.SetUnixFileMode(folder.At("shared"), BundlePaths.FolderMode | UnixFileMode.OtherWrite);

        var refused = Assert.IsType<BuildResult.Refused>(folder.BuildInto(Sharing("first")));

        var refusal = Assert.Single(refused.Reasons);
        Assert.Equal(RefusalKind.Machine, refusal.Kind);
        Assert.Contains("others may write to it", refusal.Sentence, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.At("first")));
    }

    [Fact]
    public void Python_lies_compiled_beside_its_source_once_for_each_content_and_tests_and_broken_files_are_left_out()
    {
        folder.Write("addons/promo/models.py", "answer = 42");
        folder.Write("addons/promo/broken.py", "def (:");
        folder.Write("addons/promo/tests/test_promo.py", "answer = 42");
        var (first, second) = (Sharing("first"), Sharing("second"));

        var digest = Built(first).Digest;
        Built(second);

        var compiled = $"addons/promo/__pycache__/models.{new SystemPython().Tag}.pyc";
        Assert.Equal(
            Posix.Status(In(first, digest, compiled)).Identity,
            Posix.Status(In(second, digest, compiled)).Identity
        );
        Assert.Equal(
            [compiled],
            Directory
                .EnumerateFiles(In(first, digest, "addons/promo"), "*.pyc", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(first.TreeOf(digest), file))
                .Where(file =>
                    !file.Contains("__init__", StringComparison.Ordinal)
                    && !file.Contains("__manifest__", StringComparison.Ordinal)
                )
        );
    }

    [Fact]
    public void A_bundle_is_the_same_with_its_Python_compiled_and_without()
    {
        var plain = new BundleBuilder(new BundleStore(folder.At("plain")), TimeProvider.System).Build(
            new("2026.11.1", folder.Core, [folder.Addons], ReleaseNotes.None),
            _ => { },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(Assert.IsType<BuildResult.Built>(plain).Release.Digest, Built(Sharing("first")).Digest);
    }

    [Fact]
    public void A_store_on_another_file_system_keeps_contents_of_its_own()
    {
        var elsewhere = Directory.CreateDirectory($"/dev/shm/tidegate-{Path.GetRandomFileName()}");
        try
        {
            var store = new BundleStore(folder.At("here"), elsewhere.FullName);

            Built(store);

            Assert.Empty(elsewhere.EnumerateFileSystemInfos());
            Assert.True(Directory.Exists(folder.At("here/objects")));
        }
        finally
        {
            elsewhere.Delete(recursive: true);
        }
    }

    public void Dispose() => folder.Dispose();

    private BundleStore Sharing(string name) => new(folder.At(name), folder.At("shared"));

    private ReleaseManifest Built(BundleStore store) =>
        Assert.IsType<BuildResult.Built>(folder.BuildInto(store)).Release;

    private static string In(BundleStore store, ReleaseDigest digest, string path) =>
        Path.Join(store.TreeOf(digest), path);
}
