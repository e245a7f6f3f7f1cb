using System.Diagnostics;
using Tidegate.Demo.Story;

namespace Tidegate.Demo.Shops;

/// <summary>Runs a program of this machine to its end.</summary>
internal static class Tool
{
    /// <param name="input">What the program reads on its standard input, or null.</param>
    /// <param name="progress">Gets what the program writes on its standard error, a line at a time.</param>
    /// <returns>What it wrote on its standard output.</returns>
    /// <exception cref="StoryException">It ended with another exit code than 0; the message has its last line.</exception>
    public static async Task<string> RunAsync(
        string program,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken,
        string? input = null,
        Action<string>? progress = null
    )
    {
        using var process = new Process
        {
            StartInfo = new(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.Start();
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = ReadAsync(process.StandardError, progress, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? await output : throw Failed(program, process.ExitCode, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <returns>The last line that says something.</returns>
    private static async Task<string?> ReadAsync(
        StreamReader reader,
        Action<string>? progress,
        CancellationToken cancellationToken
    )
    {
        string? last = null;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            progress?.Invoke(line);
            last = string.IsNullOrWhiteSpace(line) ? last : line.Trim();
        }

        return last;
    }

    private static StoryException Failed(string program, int code, string? said) =>
        new($"{Path.GetFileName(program)} ended with exit code {code}: {said ?? "it said nothing"}");
}
