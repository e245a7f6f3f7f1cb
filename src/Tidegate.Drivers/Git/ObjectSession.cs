using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Tidegate.Drivers.Git;

/// <summary>A conversation with one <c>git cat-file</c>. For one question at a time; after an error it is over.</summary>
internal sealed class ObjectSession : IDisposable
{
    // Questions and answers of so many objects fit into the pipes: neither side waits for the other to read.
    private const int Together = 200;

    private readonly Process _process;
    private readonly StreamWriter _questions;
    private readonly BufferedStream _answers;
    private readonly StringBuilder _complaint = new();

    public ObjectSession(Process process)
    {
        _process = process;
        _questions = new StreamWriter(process.StandardInput.BaseStream, new UTF8Encoding(false), 32 << 10);
        _answers = new BufferedStream(process.StandardOutput.BaseStream, 64 << 10);
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_complaint)
            {
                _complaint.AppendLine(_complaint.Length < 8 << 10 ? line.Data : null);
            }
        };
        process.BeginErrorReadLine();
    }

    public GitObject? Read(string name, int most)
    {
        _questions.Write($"contents {name}\n");
        _questions.Flush();
        if (ReadHeader() is not var (kind, size))
        {
            return null;
        }

        var content = new byte[Math.Min(size, most)];
        _answers.ReadExactly(content);
        Skip(size - content.Length);
        return _answers.ReadByte() == '\n'
            ? new(kind, size, content)
            : throw new IOException("git tells another size than it sends");
    }

    public (string Kind, long Size)?[] Find(List<string> ids)
    {
        var found = new (string, long)?[ids.Count];
        for (var from = 0; from < ids.Count; from += Together)
        {
            var to = Math.Min(ids.Count, from + Together);
            for (var index = from; index < to; index++)
            {
                _questions.Write($"info {ids[index]}\n");
            }

            _questions.Flush();
            for (var index = from; index < to; index++)
            {
                found[index] = ReadHeader();
            }
        }

        return found;
    }

    public void Kill() => ProgramGroup.Kill(_process);

    /// <summary>Ends it and tells what it complained about.</summary>
    public string End()
    {
        Kill();
        _process.WaitForExit(); // and for the end of its error stream
        Dispose();
        return _complaint.ToString();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    /// <summary><c>ID KIND SIZE</c>; or the question again with <c>missing</c>, and that is null.</summary>
    private (string Kind, long Size)? ReadHeader()
    {
        var line = ReadLine();
        return line.EndsWith(" missing", StringComparison.Ordinal)
            || line.EndsWith(" ambiguous", StringComparison.Ordinal)
                ? null
            : line.Split(' ') is [_, var kind, var size]
            && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
                ? (kind, bytes)
            : throw new IOException($"git answers \"{line}\"");
    }

    private string ReadLine()
    {
        const int longest = 8 << 10;
        using var line = new MemoryStream();
        while (_answers.ReadByte() is var next && next != '\n')
        {
            if (next < 0 || line.Length > longest)
            {
                throw new IOException("git ended in the middle of an answer");
            }

            line.WriteByte((byte)next);
        }

        return Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length);
    }

    private void Skip(long bytes)
    {
        var part = new byte[Math.Min(bytes, 64 << 10)];
        while (bytes > 0)
        {
            var count = (int)Math.Min(bytes, part.Length);
            _answers.ReadExactly(part, 0, count);
            bytes -= count;
        }
    }
}
