namespace Tidegate.ControlPlane.Catalog.Trees;

/// <summary>Names of files.</summary>
public static class HardLinks
{
    /// <summary>Whether two paths are names of one file. Links are not followed; what is not there is no file.</summary>
    public static bool AreOne(string first, string second) =>
        Posix.Find(first) is { Identity: var one }
        && Posix.Find(second) is { Identity: var other }
        && (one.Device, one.Inode) == (other.Device, other.Inode);
}
