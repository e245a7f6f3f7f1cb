using System.Text;

namespace Tidegate.Drivers.Runtimes.Processes;

/// <summary>Files that are there whole or not at all.</summary>
internal static class AtomicFile
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Replaces or makes the file, mode 0600, on disk when it returns.</summary>
    /// <param name="reader">Who may read it beside us.</param>
    public static void Write(string path, string text, OsUser? reader = null)
    {
        var draft = Draft(path, text, reader);
        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Makes the file; false, and nothing changed, when it is there already.</summary>
    public static bool TryCreate(string path, string text, OsUser? reader = null)
    {
        var draft = Draft(path, text, reader);
        try
        {
            return Native.TryLink(draft, path);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Null when there is no such file.</summary>
    public static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static string Draft(string path, string text, OsUser? reader)
    {
        // Begins with a dot and ends in the process: a crash leaves it where no listing takes it for the file.
        var draft = Path.Combine(
            Path.GetDirectoryName(path)!,
            $".{Path.GetFileName(path)}.{Environment.ProcessId}.{Path.GetRandomFileName()}"
        );
        using var file = new FileStream(
            draft,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = Private,
            }
        );
        file.Write(Encoding.UTF8.GetBytes(text));
        file.Flush(flushToDisk: true);
        reader?.LetRead(draft);
        return draft;
    }
}
