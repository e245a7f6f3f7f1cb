using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Python;

namespace Tidegate.ControlPlane.Catalog.Modules;

/// <summary>A module that was read, and where, so that a message can point at it.</summary>
/// <param name="Manifest">The manifest file's path on disk.</param>
/// <param name="DependsAt">Where each dependency is named, in their order; empty when <c>base</c> was added.</param>
/// <param name="IsAddon">It comes from the addons, not from the core.</param>
/// <param name="Entries">Everything that the manifest says.</param>
internal sealed record ModuleSource(
    ReleaseModule Module,
    string Manifest,
    ImmutableArray<PythonPosition> DependsAt,
    bool IsAddon,
    ImmutableArray<PythonEntry> Entries
);
