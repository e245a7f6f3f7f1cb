using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.Text.Json;
using Tidegate.Cli.Access;
using Tidegate.Cli.Approvals;
using Tidegate.Cli.Backups;
using Tidegate.Cli.Blockers;
using Tidegate.Cli.Calendars;
using Tidegate.Cli.Checkpoints;
using Tidegate.Cli.Client;
using Tidegate.Cli.Completion;
using Tidegate.Cli.ControlBackups;
using Tidegate.Cli.Copies;
using Tidegate.Cli.Drift;
using Tidegate.Cli.Drills;
using Tidegate.Cli.Emergencies;
using Tidegate.Cli.Fleet;
using Tidegate.Cli.Jobs;
using Tidegate.Cli.Ledger;
using Tidegate.Cli.Objectives;
using Tidegate.Cli.Policy;
using Tidegate.Cli.Promotion;
using Tidegate.Cli.Rehearsals;
using Tidegate.Cli.Releases;
using Tidegate.Cli.Rollouts;
using Tidegate.Cli.Why;
using Tidegate.Contracts;

namespace Tidegate.Cli;

/// <summary>The command line: builds the tree, runs what was asked for, and turns refusals into one sentence and an exit code.</summary>
public static class CommandLine
{
    private const string Json = "--json";

    /// <param name="local">What works on this machine rather than through the API.</param>
    public static Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        IEnumerable<LocalVerbs> local,
        CancellationToken cancellationToken
    ) => RunAsync(arguments, local, Console.Out, Console.Error, cancellationToken);

    /// <inheritdoc cref="RunAsync(IReadOnlyList{string}, IEnumerable{LocalVerbs}, CancellationToken)" />
    /// <param name="output">Takes what was asked for.</param>
    /// <param name="error">Takes refusals, progress and hints.</param>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        IEnumerable<LocalVerbs> local,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken
    )
    {
        var parsed = Tree(local).Parse(arguments);
        try
        {
            return IsUsable(parsed)
                ? await parsed.InvokeAsync(
                    new InvocationConfiguration
                    {
                        EnableDefaultExceptionHandler = false,
                        Output = output,
                        Error = error,
                    },
                    cancellationToken
                )
                : throw new ProblemException(
                    new ApiProblem(ProblemCodes.Invalid, Wrong(parsed), $"{Path(parsed.CommandResult.Command)} --help")
                );
        }
        catch (ProblemException exception)
        {
            if (arguments.Contains(Json, StringComparer.Ordinal))
            {
                await error.WriteLineAsync(JsonSerializer.Serialize(exception.Problem, ApiJson.Indented));
            }
            else
            {
                await WriteProblemAsync(error, exception.Problem);
            }

            return ExitCodes.Of(exception.Problem);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
    }

    /// <summary>One sentence on what was wrong and one on what to do.</summary>
    public static async Task WriteProblemAsync(TextWriter error, ApiProblem problem)
    {
        await error.WriteLineAsync($"error: {problem.What}");
        if (problem.Next is { } next)
        {
            await error.WriteLineAsync($"next: {next}");
        }
    }

    internal static RootCommand Tree(IEnumerable<LocalVerbs> local)
    {
        var root = new RootCommand("Takes releases of Odoo to a fleet of shops, and back.")
        {
            ServerOption.Instance,
            TokenOption.Instance,
            ReleaseCommands.Create(),
            RolloutCommands.Create(),
            TenantCommands.Create(),
            FleetCommands.Create(),
            PoolCommands.Create(),
            EnvironmentCommands.Create(),
            PromotionCommands.Create(),
            ApprovalCommands.Create(),
            EmergencyCommands.Create(),
            BlockersCommand.Create(),
            WhyCommand.Create(),
            LedgerCommands.Create(),
            DriftCommands.Create(),
            ObjectiveCommands.Create(),
            CalendarCommands.Create(),
            PolicyCommands.Create(),
            DrillCommands.Create(),
            RehearseCommand.Create(),
            RehearsalCommands.Create(),
            CheckpointCommands.Create(),
            BackupCommands.Create(),
            CopiesCommands.Create(),
            ControlCommands.Create(),
            JobCommands.Create(),
            AccessCommands.Create(),
            LoginCommand.Create(),
            LogoutCommand.Create(),
            CompletionCommand.Create(),
        };
        // The library's aliases are those of another system, and would be the first suggestions.
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Aliases.Remove("/h");
            help.Aliases.Remove("/?");
        }

        // A verb is added once: its usage names the first noun that it was ever below.
        foreach (var (noun, verbs) in local)
        {
            var parent = noun is null ? root : root.Subcommands.Single(known => known.Name == noun);
            foreach (var verb in verbs)
            {
                parent.Add(verb);
            }
        }

        return root;
    }

    // What is asked of the suggest directive is half a command line, and always wrong.
    private static bool IsUsable(ParseResult parsed) =>
        parsed.Errors.Count == 0
        || (
            parsed.RootCommandResult.Command is RootCommand root
            && root.Directives.OfType<SuggestDirective>().Any(suggest => parsed.GetResult(suggest) is not null)
        );

    // Of a mistyped verb the library says first that there is none.
    private static string Wrong(ParseResult parsed) =>
        parsed.UnmatchedTokens is [var unknown, ..]
            ? $"{Path(parsed.CommandResult.Command)} knows no \"{unknown}\"."
            : parsed.Errors[0].Message;

    private static string Path(Command command) =>
        command is RootCommand ? "tidegate"
        : command.Parents.OfType<Command>().LastOrDefault() is { } parent ? $"{Path(parent)} {command.Name}"
        : command.Name;
}

/// <summary>Verbs that work on this machine rather than through the API.</summary>
/// <param name="Noun">The noun of the API's that they belong to; null for commands that stand for themselves.</param>
public sealed record LocalVerbs(string? Noun, IReadOnlyList<Command> Verbs);
