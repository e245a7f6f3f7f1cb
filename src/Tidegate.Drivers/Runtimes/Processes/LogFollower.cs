using System.Text;

namespace Tidegate.Drivers.Runtimes.Processes;

/// <summary>Reads what is added to a log, line by line.</summary>
internal sealed class LogFollower(string path)
{
    private readonly StringBuilder _begun = new();
    private long _read;

    /// <summary>The lines that were ended since the last call; none while there is no log.</summary>
    /// <param name="all">Whether the last line counts also when it has not ended.</param>
    public IReadOnlyList<string> NewLines(bool all = false)
    {
        var lines = new List<string>();
        foreach (var character in NewText())
        {
            if (character == '\n')
            {
                lines.Add(Take());
            }
            else
            {
                _begun.Append(character);
            }
        }

        if (all && _begun.Length > 0)
        {
            lines.Add(Take());
        }

        return lines;
    }

    private string Take()
    {
        var line = _begun.ToString();
        _begun.Clear();
        return line;
    }

    private string NewText()
    {
        try
        {
            using var file = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            file.Seek(_read, SeekOrigin.Begin);
            using var reader = new StreamReader(file, Encoding.Latin1); // a byte a character: none is cut in two
            var text = reader.ReadToEnd();
            _read += text.Length;
            return text;
        }
        catch (IOException)
        {
            return ""; // not there yet
        }
    }
}
