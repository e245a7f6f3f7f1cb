namespace Tidegate.Drivers.Runtimes.Processes;

/// <summary>The last lines of a log, for a message to people.</summary>
internal static class LogTail
{
    private const int Bytes = 2000;

    /// <summary>Empty when there is no such file.</summary>
    public static string Of(string path)
    {
        try
        {
            using var file = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            file.Seek(-Math.Min(Bytes, file.Length), SeekOrigin.End);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd().Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }
}
