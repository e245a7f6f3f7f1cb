namespace Tidegate.ControlPlane.DesiredState;

/// <summary>Where a fleet's files come from: a folder, or one commit of a repository.</summary>
public interface IFleetFiles
{
    /// <summary>What there is at the root and in the folders that a fleet has (<see cref="FleetLayout"/>), in any order.</summary>
    /// <exception cref="IOException">The place cannot be read.</exception>
    IReadOnlyList<FleetFile> List();

    /// <summary>The file's content. Called from several threads at once, and never for a file larger than <see cref="FleetLayout.LargestFile"/>.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    ReadOnlyMemory<byte> Read(FleetFile file);
}

/// <summary>A file of a fleet.</summary>
/// <param name="Path">From the fleet's root, with slashes.</param>
/// <param name="ContentId">Names the content, as git's object ids do: one id, one content, for ever. Null where it is not known without reading; such a file is read each time.</param>
public sealed record FleetFile(string Path, string? ContentId, long Bytes)
{
    public FleetFileKind Kind { get; init; } = FleetFileKind.Regular;
}

/// <summary>What something in a fleet's folder is.</summary>
public enum FleetFileKind
{
    Regular,

    /// <summary>A symbolic link. Never followed.</summary>
    Link,

    /// <summary>A folder within a folder of objects.</summary>
    Folder,

    /// <summary>A pipe, a socket, a device, a submodule.</summary>
    Special,
}
