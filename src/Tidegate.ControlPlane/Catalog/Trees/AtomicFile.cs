namespace Tidegate.ControlPlane.Catalog.Trees;

/// <summary>Files that are there whole or not at all, also after a power cut.</summary>
internal static class AtomicFile
{
    /// <summary>Writes or replaces a file.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var draft = Draft(path, content);
        File.Move(draft, path, overwrite: true);
        Posix.Flush(Path.GetDirectoryName(path)!);
    }

    /// <summary>Writes a file that must be new; false when there is one of that name.</summary>
    public static bool TryCreate(string path, ReadOnlySpan<byte> content)
    {
        var draft = Draft(path, content);
        try
        {
            switch (Posix.Link(draft, path))
            {
                case LinkResult.NameTaken:
                    return false;
                case LinkResult.Impossible:
                    throw new IOException($"{path} cannot be made: its file system has no hard links.");
                case LinkResult.Linked:
                    break;
            }

            Posix.Flush(Path.GetDirectoryName(path)!);
            return true;
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static string Draft(string path, ReadOnlySpan<byte> content)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var draft = Path.Join(
            folder,
            $".{Path.GetFileName(path)}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}"
        );
        try
        {
            using var file = new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.None);
            file.Write(content);
            file.Flush(flushToDisk: true);
            File.SetUnixFileMode(file.SafeFileHandle, BundlePaths.FileMode);
        }
        catch (IOException)
        {
            // A full disk must not also keep the half that fitted.
            File.Delete(draft);
            throw;
        }

        return draft;
    }
}
