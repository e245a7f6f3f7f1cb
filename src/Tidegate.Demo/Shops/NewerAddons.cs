namespace Tidegate.Demo.Shops;

/// <summary>Addons made from others, of which one module is newer and migrates.</summary>
/// <param name="Module">The one.</param>
/// <param name="From">Its version there.</param>
/// <param name="To">Its version here.</param>
internal sealed record NewerAddons(string Module, string From, string To)
{
    /// <summary>Writes them.</summary>
    /// <param name="origin">The addons that they are made from.</param>
    /// <param name="addons">A folder that does not exist yet.</param>
    /// <param name="migration">One line of Python that may use <c>cr</c> and <c>time</c>: the module's migration.</param>
    public async Task WriteAsync(string origin, string addons, string migration, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(addons)!);
        await Tool.RunAsync("cp", ["-r", origin, addons], cancellationToken);
        var manifest = Path.Combine(addons, Module, "__manifest__.py");
        var text = await File.ReadAllTextAsync(manifest, cancellationToken);
        await File.WriteAllTextAsync(manifest, text.Replace(From, To, StringComparison.Ordinal), cancellationToken);
        var scripts = Directory.CreateDirectory(Path.Combine(addons, Module, "migrations", To));
        await File.WriteAllTextAsync(
            Path.Combine(scripts.FullName, "post-migrate.py"),
            $"import time\n\n\ndef migrate(cr, version):\n    {migration}\n",
            cancellationToken
        );
    }
}
