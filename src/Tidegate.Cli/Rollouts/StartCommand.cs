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
        var reason = ReasonOption.Create();
        var emergency = new Option<bool>("--emergency")
        {
            Description =
                "Start it although git says what the environment runs; needs --reason, and has to be reviewed",
        };
        var overrides = new Option<string[]>("--override")
        {
            Description =
                "What the emergency goes past, as its policy lets it: the gate approved, protected or drilled, or a rule of a calendar: freeze:black-friday",
        };
        var expires = InstantOption.Create(
            "--expires",
            "When the emergency ends and its rollout halts (default: in 4 hours)"
        );
        var wait = new Option<bool>("--wait", "-w") { Description = "Follow the rollout until it ends" };
        var json = JsonOption.Create();
        var command = new Command(
            "start",
            "Start a rollout\n\nExample: tidegate rollout start --release 2026.11.2 --wait"
        )
        {
            plan,
            reason,
            emergency,
            overrides,
            expires,
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
                        asked.Supersede,
                        asked.Older,
                        parsed.GetValue(emergency),
                        parsed.GetValue(overrides) is { Length: > 0 } named ? named : null,
                        parsed.GetValue(expires)
                    ),
                    cancellationToken
                );
                if (parsed.GetValue(wait))
                {
                    return await new RolloutFollower(client, parsed, parsed.GetValue(json)).FollowAsync(
                        started.Id,
                        cancellationToken
                    );
                }

                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(started);
                }
                else
                {
                    parsed.Output().WriteLine(started.Id);
                    await parsed.WriteNextAsync($"tidegate rollout watch {started.Id}");
                    if (started.Emergency is { } begun)
                    {
                        await parsed.WriteNextAsync($"tidegate emergency show {begun}");
                    }
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
