using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Catalog.Facts;

/// <summary>What modules want from the release's Python.</summary>
internal static class PythonNeeds
{
    private const string Addons = "odoo.addons.";

    public static PythonQuestion Of(IEnumerable<ModuleView> modules)
    {
        var all = modules.ToList();
        return new(
            [.. all.SelectMany(Imports).Select(Root).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            [
                .. all.SelectMany(module => Declared(module))
                    .Select(text => text.Value)
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ]
        );
    }

    /// <summary><c>external_dependencies</c>, <c>python</c>.</summary>
    public static ImmutableArray<ManifestText> Declared(ModuleView module) =>
        module.Manifest.Texts("external_dependencies", "python");

    /// <summary>Imports from outside of Odoo that must succeed for the module to load.</summary>
    public static IEnumerable<ImportFact> ImportsOf(ModuleView module) =>
        module.Facts.Imports.Where(import => import.Sure && Root(import.Name) is not "odoo" and not "openerp");

    public static string Root(string name) => name.Split('.')[0];

    /// <summary>The module of Odoo that is imported, or null.</summary>
    public static string? OdooModule(string name) =>
        name.StartsWith(Addons, StringComparison.Ordinal) ? name[Addons.Length..].Split('.')[0] : null;

    private static IEnumerable<string> Imports(ModuleView module) => ImportsOf(module).Select(import => import.Name);
}
