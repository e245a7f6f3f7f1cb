using System.Diagnostics;

namespace Tidegate.Drivers.Runtimes.Processes;

/// <summary>What a tool answered.</summary>
internal sealed record ToolAnswer(int ExitCode, string Output, string Error)
{
    /// <summary>The first line that says something, for a message.</summary>
    public string Complaint =>
        Error.Split('\n').Concat(Output.Split('\n')).FirstOrDefault(line => !string.IsNullOrWhiteSpace(line))?.Trim()
        ?? $"exit code {ExitCode}";
}

/// <summary>Runs a tool of the system to its end; one that nobody waits for any more is ended.</summary>
internal static class Tool
{
    /// <param name="user">As whom; null for ourselves.</param>
    public static Task<ToolAnswer> RunAsync(
        OsUser? user,
        string program,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken
    ) =>
        user is null
            ? RunAsync(program, arguments, cancellationToken)
            : RunAsync(
                "/usr/bin/setpriv",
                [
                    $"--reuid={user.Name}",
                    $"--regid={user.Name}",
                    "--init-groups",
                    "--no-new-privs",
                    "--",
                    program,
                    .. arguments,
                ],
                cancellationToken
            );

    public static async Task<ToolAnswer> RunAsync(
        string program,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        using var process = Process.Start(start)!;
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }
}
