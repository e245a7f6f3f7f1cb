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
        var target = CopyOfFirst(shop, name);
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

    /// <summary>A release whose sale orders do <paramref name="body"/> first when they are confirmed, Python that may use <c>self</c>.</summary>
    public static async Task<string> WithConfirmationAsync(OdooShop shop, string name, string body)
    {
        var target = CopyOfFirst(shop, name);
        await File.AppendAllTextAsync(
            Path.Combine(target, "models", "sale_order.py"),
            $"\n    def action_confirm(self):\n        {body}\n        return super().action_confirm()\n",
            TestContext.Current.CancellationToken
        );
        return name;
    }

    /// <summary>The folder of its module <c>shop_suite</c>.</summary>
    private static string CopyOfFirst(OdooShop shop, string name)
    {
        var source = shop.At("samples", "addons", First, "shop_suite");
        var target = shop.At("samples", "addons", name, "shop_suite");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }

        return target;
    }
}
