using System.CommandLine;
using Tidegate.Contracts.Rollouts;

namespace Tidegate.Cli.Rollouts;

internal static class StartCommand
{
    public static Command Create()
    {
        var rules = new RuleOptions();
        var plan = new Option<string?>("--plan")
        {
            Description = "Carry out exactly the plan of this hash, or nothing",
        };
        var reason = new Option<string?>("--reason") { Description = "Why; kept in the ledger" };
        var supersede = new Option<bool>("--supersede") { Description = "Take the place of a rollout that runs there" };
        var wait = new Option<bool>("--wait", "-w") { Description = "Follow the rollout until it ends" };
        var json = JsonOption.Create();
        var command = new Command(
            "start",
            "Start a rollout\n\nExample: tidegate rollout start --release 2026.11.2 --wait"
        )
        {
            plan,
            reason,
            supersede,
            wait,
            json,
        };
        rules.AddTo(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var asked = rules.Read(parsed);
                var started = await client.PostAsync<StartRollout, StartedRollout>(
                    "/api/rollouts",
                    new StartRollout(
                        asked.Release,
                        asked.Environment,
                        asked.Rules,
                        parsed.GetValue(plan),
                        parsed.GetValue(reason),
                        parsed.GetValue(supersede)
                    ),
                    cancellationToken
                );
                if (parsed.GetValue(wait))
                {
                    return await WatchCommand.FollowAsync(client, started.Id, parsed.GetValue(json), cancellationToken);
                }

                if (parsed.GetValue(json))
                {
                    CommandLine.WriteJson(started);
                }
                else
                {
                    Console.Out.WriteLine(started.Id);
                    await Console.Error.WriteLineAsync($"next: tidegate rollout watch {started.Id}");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
