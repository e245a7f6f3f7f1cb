namespace Tidegate.OdooTests.Fixtures;

/// <summary>Releases of the tests' own: the story's first one, with a migration script put in.</summary>
internal static class StoryRelease
{
    private const string First = "2026.11.1";

    /// <summary>
    /// A release whose module <c>shop_suite</c> is one version newer and migrates by <paramref name="body"/>, Python
    /// that may use <c>cr</c>. Its name is as <see cref="OdooShop.ConfigureAsync"/> takes it.
    /// </summary>
    public static async Task<string> WithMigrationAsync(OdooShop shop, string name, string body)
    {
        var source = shop.At("samples", "addons", First, "shop_suite");
        var target = shop.At("samples", "addons", name, "shop_suite");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }

        var manifest = Path.Combine(target, "__manifest__.py");
        var text = await File.ReadAllTextAsync(manifest, TestContext.Current.CancellationToken);
        Assert.Contains("19.0.1.0.0", text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            manifest,
            text.Replace("19.0.1.0.0", "19.0.1.1.0", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );
        var scripts = Directory.CreateDirectory(Path.Combine(target, "migrations", "19.0.1.1.0"));
        await File.WriteAllTextAsync(
            Path.Combine(scripts.FullName, "pre-test.py"),
            $"import time\n\n\ndef migrate(cr, version):\n    {body}\n",
            TestContext.Current.CancellationToken
        );
        return name;
    }
}
