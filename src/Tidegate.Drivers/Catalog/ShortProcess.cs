using System.Diagnostics;
using System.Text;

namespace Tidegate.Drivers.Catalog;

/// <summary>A program that is asked one thing and answers at once: bounded in time and in what it may say.</summary>
internal static class ShortProcess
{
    private const int LongestAnswer = 64 << 20;
    private const int LongestComplaint = 300;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <param name="start">Which program; its streams are taken over here.</param>
    /// <param name="input">What it reads.</param>
    /// <returns>Its whole output; null when it ended otherwise than with 0, was too slow or said too much, and then why.</returns>
    public static (string? Output, string Complaint) Run(
        ProcessStartInfo start,
        string input,
        CancellationToken cancellationToken
    )
    {
        start.UseShellExecute = false;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.StandardOutputEncoding ??= Encoding.UTF8;
        using var process = Process.Start(start)!;
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Patience);
        using var ending = bound.Token.Register(() => process.Kill(entireProcessTree: true));
        var complaint = "it said nothing";
        process.ErrorDataReceived += (_, line) =>
            complaint = string.IsNullOrWhiteSpace(line.Data) ? complaint : line.Data;
        process.BeginErrorReadLine();
        WriteInput(process, input);
        var output = ReadOutput(process);
        process.WaitForExit();
        cancellationToken.ThrowIfCancellationRequested();
        return bound.IsCancellationRequested ? (null, $"it took more than {Patience.TotalSeconds:0} s")
            : output is null ? (null, "it says more than can be read")
            : process.ExitCode == 0 ? (output, "")
            : (null, complaint.Length > LongestComplaint ? complaint[..LongestComplaint] : complaint);
    }

    private static void WriteInput(Process process, string input)
    {
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read; its exit code says more.
        }
    }

    private static string? ReadOutput(Process process)
    {
        var output = new StringBuilder();
        var part = new char[8192];
        while (process.StandardOutput.Read(part) is > 0 and var count)
        {
            output.Append(part, 0, count);
            if (output.Length > LongestAnswer)
            {
                process.Kill(entireProcessTree: true);
                return null;
            }
        }

        return output.ToString();
    }
}
