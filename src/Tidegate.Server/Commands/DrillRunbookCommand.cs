using System.CommandLine;
using Tidegate.Cli;
using Tidegate.Cli.Client;
using Tidegate.Contracts;
using Tidegate.ControlPlane.Objectives;
using Tidegate.Drivers.Drills.Runbooks;
using Tidegate.Drivers.Sites;

namespace Tidegate.Server.Commands;

/// <summary><c>tidegate drill runbook</c>: how a person recovers from a loss, with the site's own facts. Asks no server.</summary>
internal static class DrillRunbookCommand
{
    private const string Text = """
        Print how a person recovers from a loss when no server of Tidegate runs, with the paths and commands of the site

        Needs no server: it reads the home. Without --home words in capitals stand for what it would say. Print it while all is well.

        Example: tidegate drill runbook cluster-loss --home /srv/tidegate > cluster-loss.md
        """;

    public static Command Create()
    {
        var scenario = new Argument<string>("scenario")
        {
            Description = string.Join(", ", Runbook.All.Select(runbook => runbook.Scenario.Word())),
        };
        var home = new Option<DirectoryInfo?>("--home") { Description = "The site's home folder" };
        var json = JsonOption.Create();
        var command = new Command("runbook", Text) { scenario, home, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var runbook = Find(parsed.GetRequiredValue(scenario));
                var filled = runbook.Fill(Facts(parsed.GetValue(home)));
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(
                        new
                        {
                            Scenario = runbook.Scenario.Word(),
                            runbook.Steps,
                            Markdown = filled,
                        }
                    );
                }
                else
                {
                    await parsed.Output().WriteAsync(filled.AsMemory(), cancellationToken);
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static Runbook Find(string word) =>
        DrillScenarios.Find(word) is { } scenario && Runbook.Of(scenario) is { } runbook
            ? runbook
            : throw new ProblemException(
                new(
                    ProblemCodes.NotFound,
                    $"there is no runbook of \"{word}\".",
                    $"use one of {string.Join(", ", Runbook.All.Select(known => known.Scenario.Word()))}."
                )
            );

    private static RunbookFacts Facts(DirectoryInfo? home)
    {
        if (home is null)
        {
            return RunbookFacts.Unknown;
        }

        var layout = new SiteLayout(Path.TrimEndingDirectorySeparator(home.FullName));
        return RunbookFacts.Read(layout)
            ?? throw new ProblemException(
                new(
                    ProblemCodes.NotFound,
                    $"{layout.Home} is no home of a site: site.json is missing.",
                    "give the folder that site up was given, or leave --home out."
                )
            );
    }
}
