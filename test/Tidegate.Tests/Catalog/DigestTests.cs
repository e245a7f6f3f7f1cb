using CsCheck;

namespace Tidegate.Tests.Catalog;

public sealed class DigestTests
{
    private static readonly string[] Names =
    [
        "a",
        "b",
        "a-b",
        "a/b",
        "a/é.txt",
        "a/\U0001d11e",
        "a/\uffee",
        "d/e/f",
        "d/e.py",
        "d.py",
    ];

    private static readonly Gen<(string Name, string Content, bool IsExecutable)> AFile = Gen.Select(
        Gen.Int[0, Names.Length - 1].Select(index => Names[index]),
        Gen.String[Gen.Char['a', 'f'], 0, 8],
        Gen.Bool
    );

    [Fact]
    public void The_digest_depends_on_names_contents_and_modes_and_on_nothing_else()
    {
        AFile
            .Array[1, 6]
            .Select(files => files.DistinctBy(file => file.Name, StringComparer.Ordinal).ToArray())
            .Where(files =>
                !files.Any(file => file.Name is "a")
                || files.All(file => !file.Name.StartsWith("a/", StringComparison.Ordinal))
            )
            .SelectMany(files => Gen.Shuffle(files.ToArray()).Select(shuffled => (files, shuffled)))
            .Sample(
                pair =>
                {
                    using var first = new CatalogFolder().WithShop();
                    using var second = new CatalogFolder().WithShop();
                    Fill(first, pair.files, modified: new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
                    Fill(second, pair.shuffled, modified: new(2024, 5, 6, 7, 8, 9, DateTimeKind.Utc));

                    Assert.Equal(first.Built().Digest, second.Built("another-name").Digest);
                },
                iter: 25
            );
    }

    [Theory]
    [InlineData("content")]
    [InlineData("name")]
    [InlineData("mode")]
    [InlineData("link")]
    [InlineData("empty folder")]
    public void Every_change_that_a_running_release_could_notice_changes_the_digest(string change)
    {
        using var folder = new CatalogFolder().WithShop();
        folder.Write("addons/promo/data.xml", "<odoo/>");
        var before = folder.Built("before").Digest;

        Change(folder, change);

        Assert.NotEqual(before, folder.Built("after").Digest);
    }

    [Fact]
    public void What_Python_and_version_control_leave_behind_is_not_part_of_a_release()
    {
        using var folder = new CatalogFolder().WithShop();
        var before = folder.Built("before").Digest;

        folder.Write("addons/promo/__pycache__/__init__.cpython-311.pyc", "code");
        folder.Write("addons/promo/old.pyo", "code");
        folder.Write("addons/promo/.git/HEAD", "ref");
        folder.Write("addons/README.md", "beside the modules");

        Assert.Equal(before, folder.Built("after").Digest);
    }

    [Fact]
    public void A_file_changed_behind_its_size_and_time_is_noticed()
    {
        using var folder = new CatalogFolder().WithShop();
        var file = folder.Write("addons/promo/data.xml", "<a/>");
        var modified = File.GetLastWriteTimeUtc(file);
        var before = folder.Built("before").Digest;

        File.WriteAllText(file, "<b/>");
        File.SetLastWriteTimeUtc(file, modified);

        Assert.NotEqual(before, folder.Built("after").Digest);
    }

    private static void Fill(
        CatalogFolder folder,
        IEnumerable<(string Name, string Content, bool IsExecutable)> files,
        DateTime modified
    )
    {
        foreach (var (name, content, isExecutable) in files)
        {
            var file = folder.Write($"addons/promo/x/{name}", content);
            File.SetUnixFileMode(
                file,
                UnixFileMode.UserRead | (isExecutable ? UnixFileMode.UserExecute : UnixFileMode.GroupWrite)
            );
            File.SetLastWriteTimeUtc(file, modified);
        }
    }

    private static void Change(CatalogFolder folder, string change)
    {
        var file = folder.At("addons/promo/data.xml");
        switch (change)
        {
            case "content":
                File.WriteAllText(file, "<odoo />");
                break;
            case "name":
                File.Move(file, folder.At("addons/promo/Data.xml"));
                break;
            case "mode":
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
                break;
            case "link":
                File.Delete(file);
                File.CreateSymbolicLink(file, "__init__.py");
                break;
            default:
                Directory.CreateDirectory(folder.At("addons/promo/empty"));
                break;
        }
    }
}
