using System.Diagnostics;
using Tidegate.Demo.Story;

namespace Tidegate.Demo.Shops;

/// <summary>Runs a program of this machine to its end.</summary>
internal static class Tool
{
    /// <param name="input">What the program reads on its standard input, or null.</param>
    /// <returns>What it wrote on its standard output.</returns>
    /// <exception cref="StoryException">It ended with another exit code than 0; the message has its last line.</exception>
    public static async Task<string> RunAsync(
        string program,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken,
        string? input = null
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
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? await output : throw Failed(program, process.ExitCode, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static StoryException Failed(string program, int code, string error)
    {
        var last = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new($"{Path.GetFileName(program)} ended with exit code {code}: {last.LastOrDefault("it said nothing")}");
    }
}
