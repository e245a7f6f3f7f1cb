using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Tidegate.Drivers.Runtimes.Processes;

/// <summary>A signal's number on Linux.</summary>
internal enum Signal
{
    None = 0,
    Hangup = 1,
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
}

/// <summary>The few calls of the C library that .NET does not offer.</summary>
internal static class Native
{
    /// <summary>As a user or group: leave it as it is.</summary>
    public const int Unchanged = -1;

    private const int NoSuchProcess = 3; // ESRCH

    public static bool IsRoot => GetEffectiveUserId() == 0;

    /// <summary>False when there is no such process any more.</summary>
    public static bool Send(int pid, Signal signal)
    {
        if (Kill(pid, (int)signal) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess
            ? false
            : throw new InvalidOperationException(
                $"Signal {signal} to process {pid}: {Marshal.GetPInvokeErrorMessage(error)}."
            );
    }

    /// <summary>Gives a file or folder to a user and group. A link itself is given, never what it points to.</summary>
    public static void GiveTo(string path, int user, int group)
    {
        if (ChangeOwner(path, user, group) != 0)
        {
            throw new IOException($"Giving {path} to user {user}: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    /// <summary>A second name for a file; false when the name is taken. The one step that two processes cannot both win.</summary>
    public static bool TryLink(string existing, string name)
    {
        const int exists = 17; // EEXIST
        if (Link(existing, name) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == exists
            ? false
            : throw new IOException($"Linking {name}: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    /// <summary>Makes a file that shares its blocks with another. Null when it did; otherwise what the file system answered.</summary>
    public static string? Clone(string existing, string name)
    {
        const nuint clone = 0x40049409; // FICLONE
        using var source = File.OpenHandle(existing);
        using var target = File.OpenHandle(name, FileMode.Create, FileAccess.Write);
        return Control(target, clone, (int)source.DangerousGetHandle()) == 0
            ? null
            : Marshal.GetLastPInvokeErrorMessage();
    }

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(SafeFileHandle file, nuint request, int argument);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetEffectiveUserId();

    [DllImport("libc", EntryPoint = "lchown", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ChangeOwner([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int user, int group);

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string existing,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name
    );
}
