using System.CommandLine;

namespace Tidegate.Cli.Completion;

/// <summary><c>tidegate completion SHELL</c>: a script that asks this executable what may come next.</summary>
internal static class CompletionCommand
{
    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong([.. CompletionScripts.Shells]);
        var command = new Command(
            "completion",
            "Print a script that completes commands, verbs and options in a shell\n\nExamples:\n  bash: source <(tidegate completion bash)\n  zsh:  source <(tidegate completion zsh)\n  fish: tidegate completion fish | source"
        )
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            parsed.Output().Write(CompletionScripts.Of(parsed.GetRequiredValue(shell)));
            return ExitCodes.Done;
        });
        return command;
    }
}
