using Tidegate.ControlPlane.Catalog;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests;

[Trait("Length", "long")]
public sealed class ReleaseBuildTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tidegate-release-");

    [Fact]
    public async Task A_real_core_is_read_whole_and_the_second_release_of_it_copies_nothing()
    {
        var odoo = (await Repository.EngAsync("where", "odoo"))[0];
        var builder = new BundleBuilder(new BundleStore(folder.FullName), TimeProvider.System);

        var first = Built(builder, "1", odoo);
        Assert.Equal("19.0", first.Bundle.Odoo.Version);
        Assert.True(first.Bundle.Modules.Length > 500);
        Assert.All(
            first.Bundle.Modules.Where(module => module.Installable),
            module => Assert.StartsWith("19.0.", module.Version, StringComparison.Ordinal)
        );
        Assert.NotNull(first.Bundle.Find("sale_management"));

        var objects = Objects();
        Module("addons/shop", "{'depends': ['sale_stock'], 'version': '1.0'}");
        var second = Built(builder, "2", odoo, Path.Join(folder.FullName, "addons"));

        Assert.NotEqual(first.Digest, second.Digest);
        Assert.Equal(objects + 1, Objects());
        Assert.Equal(first.Bundle.Find("sale")!.Checksum, second.Bundle.Find("sale")!.Checksum);
        Assert.Equal("19.0.1.0", second.Bundle.Find("shop")!.Version);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static ReleaseManifest Built(BundleBuilder builder, string name, string core, params string[] addons)
    {
        var result = builder.Build(
            new(name, core, [.. addons], ReleaseNotes.None),
            _ => { },
            TestContext.Current.CancellationToken
        );
        return Assert.IsType<BuildResult.Built>(result).Release;
    }

    private int Objects() =>
        Directory.EnumerateFiles(Path.Join(folder.FullName, "objects"), "*", SearchOption.AllDirectories).Count();

    private void Module(string path, string manifest)
    {
        var module = Directory.CreateDirectory(Path.Join(folder.FullName, path));
        File.WriteAllText(Path.Join(module.FullName, "__manifest__.py"), manifest);
    }
}
