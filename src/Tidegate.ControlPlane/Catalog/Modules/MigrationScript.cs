namespace Tidegate.ControlPlane.Catalog.Modules;

/// <summary>A migration script of a module: <c>migrations/1.1/post-fill.py</c> is stage post, version 1.1, name <c>post-fill</c>.</summary>
/// <param name="Version">As the folder says it; <c>0.0.0</c> runs at any change of version.</param>
/// <param name="Name">The file without its extension.</param>
public sealed record MigrationScript(string Module, string Version, string Name)
{
    public override string ToString() => $"{Module} {Version} {Name}";
}
