using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Catalog.Modules;

/// <summary>The Odoo of a release. Paths are below the release's tree.</summary>
/// <param name="Series"><c>19.0</c>.</param>
/// <param name="Version"><c>19.0</c>, <c>19.0rc1</c>.</param>
/// <param name="PythonPath">The folder that holds the package <c>odoo</c>.</param>
/// <param name="Executable">The script that starts Odoo; null when the core brings none.</param>
/// <param name="AddonsPaths">In the order in which Odoo looks for a module.</param>
public sealed record OdooCore(
    string Series,
    string Version,
    string PythonPath,
    string? Executable,
    ImmutableArray<string> AddonsPaths
);
