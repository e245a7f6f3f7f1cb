using System.Diagnostics;
using Tidegate.ControlPlane.Catalog.Modules;

namespace Tidegate.Tests.Catalog;

public sealed class ChecksumTests
{
    /// <summary>The rule told a second time, in the language of the tools whose checksums must match.</summary>
    private const string Reference = """
        import fnmatch, hashlib, os, sys
        root, patterns, languages = sys.argv[1], sys.argv[2].split(","), set(filter(None, sys.argv[3].split(",")))
        digest = hashlib.sha1()
        def visit(folder):
            names = os.listdir(os.path.join(root, folder))
            real = lambda name: os.path.join(root, folder, name)
            for name in sorted(n for n in names if not os.path.isdir(real(n))):
                path = os.path.join(folder, name)
                if any(fnmatch.fnmatch(path, pattern) for pattern in patterns):
                    continue
                stem, ending = os.path.splitext(name)
                if languages and folder in ("i18n", "i18n_extra") and ending == ".po" and stem.split("_")[0] not in languages:
                    continue
                digest.update(path.encode())
                digest.update(open(real(name), "rb").read())
            for name in sorted(n for n in names if os.path.isdir(real(n)) and not os.path.islink(real(n))):
                visit(os.path.join(folder, name))
        visit("")
        print(digest.hexdigest())
        """;

    private static readonly string[] Files =
    [
        "__init__.py",
        "z.py",
        "a/b.xml",
        "a-b/c.xml",
        "a/empty",
        "i18n/nb.po",
        "i18n/nb_NO.po",
        "i18n/sr@latin.po",
        "i18n/shop.pot",
        "i18n/deep/fr.po",
        "i18n_extra/fr_BE.po",
        "static/src/x.js",
        "static/i18n/fr.po",
        "tests/test_shop.py",
        "models/tests/kept.py",
        "models/static/kept.js",
        "models/old.pyc",
        "data/é.csv",
        "data/\U0001d11e.csv",
        "data/\uffee.csv",
    ];

    [Theory]
    [InlineData("")]
    [InlineData("en_US")]
    [InlineData("nb_NO,fr_FR")]
    [InlineData("sr@latin")]
    public async Task A_checksum_is_the_one_that_the_migration_tools_left_in_a_database(string languages)
    {
        using var folder = new CatalogFolder();
        foreach (var file in Files)
        {
            folder.Write($"shop/{file}", file.EndsWith("empty", StringComparison.Ordinal) ? "" : $"content of {file}");
        }

        Directory.CreateSymbolicLink(folder.At("shop/linked"), "a");
        var codes = languages.Split(',', StringSplitOptions.RemoveEmptyEntries);
        var rule = ChecksumRule.ClickOdoo.For(codes);

        var checksum = ModuleChecksum.Of(folder.At("shop"), rule);

        Assert.Equal(await PythonAsync(folder.At("shop"), rule), checksum);
    }

    [Theory]
    [InlineData("*.py[co]", "a/b.pyc", true)]
    [InlineData("*.py[!co]", "a/b.pyc", false)]
    [InlineData("data/?.csv", "data/x.csv", true)]
    [InlineData("static/*", "static/a/b", true)]
    [InlineData("static/*", "a/static/b", false)]
    [InlineData("a[", "a[", true)]
    public void Patterns_mean_what_they_mean_to_Python(string pattern, string path, bool isExcluded) =>
        Assert.Equal(!isExcluded, (ChecksumRule.ClickOdoo with { Excluded = [pattern] }).Counts()(path));

    [Fact]
    public void The_manifest_carries_every_module_s_checksum()
    {
        using var folder = new CatalogFolder().WithShop();

        var bundle = folder.Built().Bundle;

        Assert.All(
            bundle.Modules,
            module =>
                Assert.Equal(
                    ModuleChecksum.Of(
                        Path.Join(folder.Store.TreeOf(bundle.Digest), module.Path),
                        ChecksumRule.ClickOdoo
                    ),
                    module.Checksum
                )
        );
    }

    private static async Task<string> PythonAsync(string module, ChecksumRule rule)
    {
        var start = new ProcessStartInfo("/usr/bin/python3")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "-c",
                Reference,
                module,
                string.Join(',', rule.Excluded),
                string.Join(',', rule.Languages),
            },
        };
        using var python = Process.Start(start)!;
        var output = await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output.Trim();
    }
}
