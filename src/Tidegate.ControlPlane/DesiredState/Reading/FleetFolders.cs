using System.Collections.Frozen;
using Tidegate.ControlPlane.DesiredState.Schema;

namespace Tidegate.ControlPlane.DesiredState.Reading;

/// <summary>The folders of a fleet's files.</summary>
public static class FleetFolders
{
    /// <summary>Those that a fleet has at its root, and those that it will have.</summary>
    public static FrozenSet<string> All { get; } =
        FleetSchema
            .Objects.Select(known => known.Folder?.Name)
            .OfType<string>()
            .Concat(Folders.Future)
            .ToFrozenSet(StringComparer.Ordinal);
}
