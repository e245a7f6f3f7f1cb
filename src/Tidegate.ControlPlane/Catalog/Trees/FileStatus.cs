using System.Runtime.InteropServices;

namespace Tidegate.ControlPlane.Catalog.Trees;

internal enum FileKind
{
    File,
    Folder,
    Link,

    /// <summary>A device, a socket or a pipe.</summary>
    Special,
}

/// <summary>What lies at a path.</summary>
/// <param name="IsExecutable">Its owner may execute it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileStatus(FileKind Kind, bool IsExecutable, FileIdentity Identity);

/// <summary>
/// Tells one state of one file from every other: whoever changes a file's content moves its change time, and that time
/// cannot be set by hand.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileIdentity(long Device, long Inode, long Size, long Modified, long Changed);
