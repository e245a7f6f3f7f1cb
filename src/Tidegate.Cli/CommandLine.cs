using System.CommandLine;
using System.Text.Json;
using Tidegate.Cli.Client;
using Tidegate.Cli.Fleet;
using Tidegate.Cli.Releases;
using Tidegate.Cli.Rollouts;
using Tidegate.Contracts;

namespace Tidegate.Cli;

/// <summary>The command line: builds the tree, runs what was asked for, and turns refusals into one sentence and an exit code.</summary>
public static class CommandLine
{
    /// <param name="local">Commands that work on this machine rather than through the API, added to the tree by noun.</param>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        IEnumerable<Command> local,
        CancellationToken cancellationToken
    )
    {
        var root = new RootCommand("Takes releases of Odoo to a fleet of shops, and back.")
        {
            ServerOption.Instance,
            ReleaseCommands.Create(),
            RolloutCommands.Create(),
            TenantCommands.Create(),
            FleetCommands.Create(),
        };
        foreach (var command in local)
        {
            Merge(root, command);
        }

        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync($"error: {parsed.Errors[0].Message}");
            await Console.Error.WriteLineAsync($"next: {Path(parsed.CommandResult.Command)} --help");
            return ExitCodes.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false },
                cancellationToken
            );
        }
        catch (ProblemException exception)
        {
            await WriteProblemAsync(exception.Problem);
            return ExitCodes.Of(exception.Problem);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
    }

    /// <summary>One sentence on what was wrong and one on what to do, on standard error.</summary>
    public static async Task WriteProblemAsync(ApiProblem problem)
    {
        await Console.Error.WriteLineAsync($"error: {problem.What}");
        if (problem.Next is { } next)
        {
            await Console.Error.WriteLineAsync($"next: {next}");
        }
    }

    public static void WriteJson<T>(T value) =>
        Console.Out.WriteLine(JsonSerializer.Serialize(value, ApiJson.Indented));

    /// <summary>Two commands of one name become one with the verbs of both.</summary>
    private static void Merge(Command root, Command command)
    {
        if (root.Subcommands.FirstOrDefault(known => known.Name == command.Name) is not { } known)
        {
            root.Add(command);
            return;
        }

        foreach (var verb in command.Subcommands)
        {
            known.Add(verb);
        }
    }

    private static string Path(Command command) =>
        command is RootCommand ? "tidegate"
        : command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Path(parent)} {command.Name}"
        : command.Name;
}
