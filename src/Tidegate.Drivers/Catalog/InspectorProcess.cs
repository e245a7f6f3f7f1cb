using System.Diagnostics;
using System.Text;

namespace Tidegate.Drivers.Catalog;

/// <summary>What the inspector answered; without JSON, why not.</summary>
internal sealed record InspectorAnswer(byte[]? Json, string Complaint);

/// <summary>One process of the inspector: a line in, a line out.</summary>
internal sealed class InspectorProcess : IDisposable
{
    private const int LongestComplaint = 300;

    private readonly Process process;
    private readonly StringBuilder complaints = new();

    private InspectorProcess(Process process) => this.process = process;

    /// <exception cref="IOException">There is no such interpreter.</exception>
    public static InspectorProcess Start(string python, string script)
    {
        if (!File.Exists(python))
        {
            throw new IOException($"{python} is not there: modules are read with the interpreter that Odoo runs with.");
        }

        // -I: nothing of our environment or working folder is taken for a module; -B: no compiled files are left.
        var start = new ProcessStartInfo(python, ["-I", "-B", script])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = "/",
        };
        start.Environment["PYTHONUTF8"] = "1";
        var inspector = new InspectorProcess(Process.Start(start)!);
        inspector.process.ErrorDataReceived += (_, line) => inspector.Complain(line.Data);
        inspector.process.BeginErrorReadLine();
        return inspector;
    }

    /// <summary>After an answer without JSON the process is of no more use.</summary>
    public async Task<InspectorAnswer> AskAsync(string line, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(patience);
        try
        {
            await process.StandardInput.WriteLineAsync(line.AsMemory(), bound.Token);
            await process.StandardInput.FlushAsync(bound.Token);
            if (await process.StandardOutput.ReadLineAsync(bound.Token) is { } answer)
            {
                return new(Encoding.UTF8.GetBytes(answer), "");
            }

            await process.WaitForExitAsync(bound.Token);
            return new(null, Ended());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, $"reading it took more than {patience.TotalSeconds:0} s");
        }
        catch (IOException)
        {
            // It ended before it took the question.
            return new(null, Ended());
        }
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }

    private string Ended()
    {
        lock (complaints)
        {
            return complaints.Length > 0 ? complaints.ToString() : "its process ended";
        }
    }

    // The last line says what it was; a traceback's first ones do not.
    private void Complain(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (complaints)
        {
            complaints.Clear().Append(line.Length > LongestComplaint ? line[..LongestComplaint] : line);
        }
    }
}
