namespace Tidegate.Drivers.Runtimes.Processes;

/// <summary>Folders with the rights they are to have, whatever the umask.</summary>
internal static class Folder
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>0700.</summary>
    public static void Private(string path, OsUser? owner = null) => Ensure(path, Owner, owner);

    /// <summary>0711: others come through to what is theirs below, and see no names.</summary>
    public static void Passage(string path, OsUser? owner = null) =>
        Ensure(path, Owner | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute, owner);

    /// <summary>0755.</summary>
    public static void Readable(string path, OsUser? owner = null) =>
        Ensure(
            path,
            Owner
                | UnixFileMode.GroupRead
                | UnixFileMode.GroupExecute
                | UnixFileMode.OtherRead
                | UnixFileMode.OtherExecute,
            owner
        );

    private static void Ensure(string path, UnixFileMode mode, OsUser? owner)
    {
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, mode);
        owner?.Give(path);
    }
}
