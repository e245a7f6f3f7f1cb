using System.Diagnostics;

namespace Tidegate.Demo.Story;

/// <summary>Somebody at a terminal of the site's machine: runs <c>tidegate</c> as people do.</summary>
/// <param name="server">The control plane's address.</param>
/// <param name="folder">Where the commands are run.</param>
/// <param name="name">Who has signed in; null is the user that owns the home.</param>
/// <param name="session">The file of that person's token.</param>
internal sealed class Operator(string server, string folder, string? name = null, string? session = null)
{
    /// <summary>Before what is typed.</summary>
    public string Prompt => name is null ? "$" : $"{name} $";

    /// <summary>The command line that was built with the demo.</summary>
    public static string Tidegate => Path.Combine(AppContext.BaseDirectory, "tidegate");

    /// <summary>Runs a command to its end, whatever its exit code.</summary>
    public async Task<CommandAnswer> AskAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = new Process
        {
            StartInfo = new(Tidegate, arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = folder,
                Environment = { ["TIDEGATE_SERVER"] = server, ["NO_COLOR"] = "1" },
            },
        };
        if (session is not null)
        {
            process.StartInfo.Environment["TIDEGATE_TOKEN_FILE"] = session;
        }

        process.Start();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new(arguments, process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Runs a command that has to work.</summary>
    /// <exception cref="StoryException">It did not; the message has what it said.</exception>
    public async Task<CommandAnswer> DoAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(arguments, cancellationToken);
        return answer.Code == 0
            ? answer
            : throw new StoryException(
                $"{answer.Line} ended with exit code {answer.Code}: {string.Join(' ', answer.Lines)}"
            );
    }
}

/// <summary>What a command came to.</summary>
internal sealed record CommandAnswer(IReadOnlyList<string> Arguments, int Code, string Output, string Error)
{
    /// <summary>As it would be typed.</summary>
    public string Line =>
        $"tidegate {string.Join(' ', Arguments.Select(word => word.Contains(' ', StringComparison.Ordinal) ? $"\"{word}\"" : word))}";

    /// <summary>What it printed, or where it printed nothing what it said about that; without empty lines.</summary>
    public IEnumerable<string> Lines =>
        (Output.Length > 0 ? Output : Error).Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0);
}
