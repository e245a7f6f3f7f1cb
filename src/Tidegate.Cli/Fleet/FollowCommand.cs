using System.CommandLine;
using System.Globalization;
using Tidegate.Cli.Client;
using Tidegate.Contracts;
using Tidegate.Contracts.Fleet;

namespace Tidegate.Cli.Fleet;

/// <summary><c>tidegate fleet follow</c>.</summary>
internal static class FollowCommand
{
    private const string Text = """
        Follow a repository: from now on its branch says what should run

        Examples:
          tidegate fleet follow /srv/fleet.git
          tidegate fleet follow git@git.example.com:shops/fleet.git --secret fleet-key --webhook-secret fleet-webhook
          tidegate fleet follow https://git.example.com/shops/estate.git --branch live --folder fleet --secret fleet-token

        A commit becomes planned work, never action by itself; docs/gitops.md tells what happens to one. Meanwhile fleet
        apply is refused, and rollout start in environments that git governs. Secrets are names of files in the home's
        folder secrets. Saying the same again changes secrets and interval.
        """;

    public static Command Create()
    {
        var repository = new Argument<string>("repository")
        {
            Description = "A path, or an address that git understands: ssh://, https://, user@host:path",
        };
        var branch = new Option<string>("--branch")
        {
            Description = "The branch (default: main)",
            DefaultValueFactory = _ => "main",
        };
        var folder = new Option<string>("--folder")
        {
            Description = "The fleet's folder in the repository (default: its root)",
            DefaultValueFactory = _ => "",
        };
        var secret = new Option<string?>("--secret") { Description = "The secret that opens the repository" };
        var webhook = new Option<string?>("--webhook-secret")
        {
            Description = "The secret with which the forge's webhook proves itself",
        };
        var interval = new Option<string?>("--interval")
        {
            Description = "How often it is asked, 5s to 1d (default: 30s)",
        };
        var json = JsonOption.Create();
        var command = new Command("follow", Text) { repository, branch, folder, secret, webhook, interval, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var source = await client.PostAsync<FollowSource, SourceView>(
                    "/api/source",
                    new FollowSource(
                        Address(parsed.GetRequiredValue(repository)),
                        parsed.GetRequiredValue(branch),
                        parsed.GetRequiredValue(folder),
                        parsed.GetValue(secret),
                        parsed.GetValue(webhook),
                        parsed.GetValue(interval) is { } text ? Seconds(text) : null
                    ),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(source);
                }
                else
                {
                    await parsed.Output().WriteLineAsync($"{source.Repository}, branch {source.Branch}, is followed");
                    await parsed.WriteNextAsync("tidegate fleet sync asks it at once; tidegate fleet status");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    /// <summary>A folder of this machine by its whole path: the server stands elsewhere.</summary>
    private static string Address(string repository) =>
        !repository.Contains(':', StringComparison.Ordinal) || Directory.Exists(repository)
            ? Path.GetFullPath(repository)
            : repository;

    private static double Seconds(string text)
    {
        var factor = text.LastOrDefault() switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            _ => 0,
        };
        return factor > 0 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (double)number * factor
            : throw new ProblemException(
                new ApiProblem(
                    ProblemCodes.Invalid,
                    $"\"{text}\" is no interval.",
                    "write a whole number with s, m, h or d behind it: 30s."
                )
            );
    }
}
