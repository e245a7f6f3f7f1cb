using System.CommandLine;
using Tidegate.Cli.Rollouts;
using Tidegate.Contracts.Fleet;

namespace Tidegate.Cli.Fleet;

/// <summary><c>tidegate fleet status | unfollow | accept</c>: the followed repository.</summary>
internal static class SourceCommands
{
    private const string StatusText = """
        Show the followed repository: which commit is in force, and what is in the way

        Example: tidegate fleet status

        Exit code 0: nothing is in the way; 3: something is.
        """;

    private const string AcceptText = """
        Take a commit although the branch was taken back, or its history written anew

        Example: tidegate fleet accept 4cea22eb4978aa24731b84f0eb76e4364b33a75c --reason "we removed a secret from history"

        Such a commit is never taken by itself. What it says has to be right nevertheless, and protected as the policies ask;
        only the very first commit may be taken unprotected in this way.
        """;

    public static Command Status()
    {
        var json = JsonOption.Create();
        var command = new Command("status", StatusText) { json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                return Write(
                    parsed,
                    await client.GetAsync<SourceView>("/api/source", cancellationToken),
                    parsed.GetValue(json)
                );
            }
        );
        return command;
    }

    public static Command Unfollow()
    {
        var reason = ReasonOption.Create();
        var json = JsonOption.Create();
        var command = new Command(
            "unfollow",
            "Follow no repository any more; what runs stays as it is, and is changed by hand again\n\nExample: tidegate fleet unfollow --reason \"the repository moves\""
        )
        {
            reason,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var query = parsed.GetValue(reason) is { } why ? $"?reason={Uri.EscapeDataString(why)}" : "";
                var unfollowed = await client.DeleteAsync<UnfollowedSource>($"/api/source{query}", cancellationToken);
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(unfollowed);
                }
                else
                {
                    await parsed.Output().WriteLineAsync($"{unfollowed.Repository} is not followed any more");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    public static Command Accept()
    {
        var commit = new Argument<string>("commit") { Description = "The full id, as tidegate fleet status shows it" };
        var reason = new Option<string>("--reason") { Description = "Why; kept in the ledger", Required = true };
        var json = JsonOption.Create();
        var command = new Command("accept", AcceptText) { commit, reason, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var source = await client.PostAsync<AcceptCommit, SourceView>(
                    "/api/source/accept",
                    new AcceptCommit(parsed.GetRequiredValue(commit), parsed.GetRequiredValue(reason)),
                    cancellationToken
                );
                return Write(parsed, source, parsed.GetValue(json));
            }
        );
        return command;
    }

    /// <summary>Shows it; what the command ends with.</summary>
    internal static int Write(ParseResult parsed, SourceView source, bool asJson)
    {
        if (asJson)
        {
            parsed.WriteJson(source);
        }
        else
        {
            SourceText.Write(parsed.Output(), source);
        }

        return SourceText.ExitCode(source);
    }
}
