using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Tidegate.ControlPlane.Catalog.Trees;

/// <summary>The few calls that .NET does not offer: exact identity of a file, hard links, one flush for a whole tree.</summary>
internal static partial class Posix
{
    private const int AtCurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint BasicStatus = 0x7ff;
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;

    private const uint WritableByOthers = 0x12;

    private const int NoEntry = 2;
    private const int FileExists = 17;
    private const int OtherDevice = 18;
    private const int TooManyLinks = 31;
    private const int NotPermitted = 1;

    /// <summary>What kind of thing lies at a path (links are not followed), and what tells two states of a file apart.</summary>
    public static FileStatus Status(string path) => Find(path) ?? throw Error("look at", path);

    /// <summary>The same; null when nothing lies there.</summary>
    public static FileStatus? Find(string path)
    {
        if (StatX(AtCurrentFolder, path, NoFollow, BasicStatus, out var status) != 0)
        {
            return Marshal.GetLastPInvokeError() is NoEntry ? null : throw Error("look at", path);
        }

        var identity = new FileIdentity(
            ((long)status.DeviceMajor << 32) | status.DeviceMinor,
            (long)status.Inode,
            (long)status.Size,
            Nanoseconds(status.Modified),
            Nanoseconds(status.Changed)
        );
        var kind = (status.Mode & 0xf000) switch
        {
            0x8000 => FileKind.File,
            0x4000 => FileKind.Folder,
            0xa000 => FileKind.Link,
            _ => FileKind.Special,
        };
        return new FileStatus(kind, (status.Mode & 0x40) != 0, identity);
    }

    /// <summary>Whether what lies at a path is ours and nobody else may write to it; root may, of course.</summary>
    public static bool IsOursAlone(string path) =>
        StatX(AtCurrentFolder, path, NoFollow, BasicStatus, out var status) == 0
            ? status.User == EffectiveUser() && (status.Mode & WritableByOthers) == 0
            : throw Error("look at", path);

    /// <summary>A hard link, unless the name is taken or there can be none.</summary>
    public static LinkResult Link(string existing, string created)
    {
        if (LinkCall(existing, created) == 0)
        {
            return LinkResult.Linked;
        }

        return Marshal.GetLastPInvokeError() switch
        {
            FileExists => LinkResult.NameTaken,
            TooManyLinks or NotPermitted or OtherDevice or NoEntry => LinkResult.Impossible,
            _ => throw Error("link", created),
        };
    }

    /// <summary>Everything written to the folder's file system so far is on disk.</summary>
    public static void FlushFileSystem(string folder) => WithOpen(folder, SyncFileSystem);

    /// <summary>A file's content, or a folder's own entries, are on disk.</summary>
    public static void Flush(string path) => WithOpen(path, SyncFile);

    private static void WithOpen(string path, Func<int, int> flush)
    {
        var descriptor = Open(path, ReadOnly | CloseOnExec);
        if (descriptor < 0)
        {
            throw Error("open", path);
        }

        var result = flush(descriptor);
        var failure = result == 0 ? null : Error("flush", path);
        _ = Close(descriptor);
        if (failure is not null)
        {
            throw failure;
        }
    }

    private static IOException Error(string tried, string path)
    {
        var number = Marshal.GetLastPInvokeError();
        return new($"cannot {tried} {path}: {new Win32Exception(number).Message}", number);
    }

    private static long Nanoseconds(Time time) => (time.Seconds * 1_000_000_000) + time.Nanoseconds;

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, out Status256 status);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkCall(string existing, string created);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncFile(int descriptor);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFileSystem(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public uint Nanoseconds;
        public int Reserved;
    }

    /// <summary><c>struct statx</c>, the same on every architecture (man 2 statx).</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private struct Status256
    {
        public uint Mask;
        public uint BlockSize;
        public ulong Attributes;
        public uint Links;
        public uint User;
        public uint Group;
        public ushort Mode;
        public ushort Spare;
        public ulong Inode;
        public ulong Size;
        public ulong Blocks;
        public ulong AttributesMask;
        public Time Accessed;
        public Time Created;
        public Time Changed;
        public Time Modified;
        public uint SpecialMajor;
        public uint SpecialMinor;
        public uint DeviceMajor;
        public uint DeviceMinor;
    }
}

internal enum LinkResult
{
    Linked,
    NameTaken,

    /// <summary>The file has as many links as it can have, lies on another file system, or is gone.</summary>
    Impossible,
}
