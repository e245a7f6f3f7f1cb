using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Tidegate.Gateway.Control;

/// <summary>The state on disk: written whole beside the old one, synced, then put in its place.</summary>
/// <remarks>A reader finds the state before or after a write, never a part of it; also after a power cut.</remarks>
internal sealed class StateFile : IDisposable
{
    private readonly string path;
    private readonly FileStream ownership;

    private StateFile(string path, FileStream ownership)
    {
        this.path = path;
        this.ownership = ownership;
    }

    /// <summary>Takes the file for this process alone; the kernel gives it back when the process ends, however it ends.</summary>
    /// <exception cref="GatewayStartException">Another gateway has it, or the folder cannot be written.</exception>
    public static StateFile Open(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new StateFile(
                path,
                File.Open($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GatewayStartException(
                $"The gateway's state {path} cannot be taken: {exception.Message} Another gateway may be running on it; end that one first."
            );
        }
    }

    /// <summary>The state; an empty one when there is no file yet.</summary>
    /// <exception cref="GatewayStartException">The file is there and cannot be understood.</exception>
    public SavedState Read()
    {
        try
        {
            if (!File.Exists(path))
            {
                return SavedState.Empty;
            }

            var state = JsonSerializer.Deserialize(File.ReadAllBytes(path), SavedStateJson.Default.SavedState);
            return state is { Version: SavedState.CurrentVersion }
                ? state
                : throw new JsonException($"it is not of version {SavedState.CurrentVersion}.");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new GatewayStartException(
                $"The gateway's state {path} cannot be read: {exception.Message} "
                    + "Put back a copy of the file; or move it away, start again, and have the control plane write the routes anew."
            );
        }
    }

    /// <summary>Writes the state. When this returns, it is on the disk.</summary>
    public void Write(SavedState state)
    {
        var next = $"{path}.next";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            JsonSerializer.Serialize(file, state, SavedStateJson.Default.SavedState);
            file.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
        SyncFolder();
    }

    public void Dispose() => ownership.Dispose();

    // The rename itself is only safe once the folder is on the disk. .NET opens no folders, so it takes two calls by hand.
    private void SyncFolder()
    {
        using var folder = new SafeFileHandle(OpenFolder(Path.GetDirectoryName(path)!, 0), ownsHandle: true);
        if (folder.IsInvalid || SyncHandle(folder) != 0)
        {
            throw new IOException($"The folder of {path} could not be synced: errno {Marshal.GetLastPInvokeError()}.");
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint OpenFolder([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SyncHandle(SafeFileHandle handle);
}
