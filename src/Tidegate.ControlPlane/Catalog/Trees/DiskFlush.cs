namespace Tidegate.ControlPlane.Catalog.Trees;

/// <summary>What has to be on disk before somebody is told that it is there.</summary>
public static class DiskFlush
{
    /// <summary>The names of a folder's own entries survive a power cut.</summary>
    /// <exception cref="IOException">The folder is not there, or the disk failed.</exception>
    public static void Folder(string path) => Posix.Flush(path);
}
