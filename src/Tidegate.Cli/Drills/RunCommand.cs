using System.CommandLine;
using Tidegate.Cli.Jobs;
using Tidegate.Cli.Rollouts;
using Tidegate.Contracts.Drills;
using Tidegate.Contracts.Jobs;

namespace Tidegate.Cli.Drills;

internal static class RunCommand
{
    private const string Text = """
        Play a loss through, beside production, and measure how long recovering takes and what is lost

        Example: tidegate drill run tenant-corruption --tenant shop-oslo

        docs/drills.md has the scenarios. Production's databases are not touched. Exit code 0: every objective was kept;
        3: one was not, or something could not be measured; 2: the drill could not be played.
        """;

    public static Command Create()
    {
        var scenario = new Argument<string>("scenario")
        {
            Description =
                "failed-application-release, faulty-migration, tenant-corruption, cluster-loss, site-loss, control-plane-loss: docs/drills.md",
        };
        var tenant = new Option<string?>("--tenant") { Description = "With the data of this tenant" };
        var site = new Option<string?>("--site") { Description = "With this site (default: the only one there is)" };
        var noWait = OrderedWork.NoWait();
        var reason = ReasonOption.Create();
        var json = JsonOption.Create();
        var command = new Command("run", Text) { scenario, tenant, site, noWait, reason, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var ordered = await client.PostAsync<RunDrill, OrderedJob>(
                    "/api/drills",
                    new RunDrill(
                        parsed.GetRequiredValue(scenario),
                        parsed.GetValue(tenant),
                        parsed.GetValue(site),
                        parsed.GetValue(reason)
                    ),
                    cancellationToken
                );
                var asJson = parsed.GetValue(json);
                if (parsed.GetValue(noWait))
                {
                    return await OrderedWork.LeaveAsync(parsed, ordered, asJson);
                }

                var job = await new JobFollower(client, parsed, asJson).FollowAsync(ordered.Id, cancellationToken);
                if (job?.Outcome is not "done")
                {
                    if (job is not null)
                    {
                        await parsed.Error().WriteLineAsync(JobText.End(job));
                    }

                    return JobFollower.ExitCode(job);
                }

                var details = await client.GetAsync<DrillDetails>(
                    DrillCommands.Path($"d-{ordered.Id[2..]}"),
                    cancellationToken
                );
                if (asJson)
                {
                    parsed.WriteJson(details);
                }
                else
                {
                    DrillLines.Write(parsed.Output(), details);
                }

                return details.Drill.Verdict is "pass" ? ExitCodes.Done : ExitCodes.Blocked;
            }
        );
        return command;
    }
}
