using System.CommandLine;
using Tidegate.Cli.Jobs;
using Tidegate.Cli.Rollouts;
using Tidegate.Contracts.Rehearsals;

namespace Tidegate.Cli.Rehearsals;

internal static class RehearseCommand
{
    private const string Text = """
        Do a tenant's whole upgrade on a neutralised copy out of its newest backup, and keep what was learnt

        Example: tidegate rehearse 2026.11.2 --tenant shop-oslo

        The shop is not touched, and works on. docs/rehearsals.md says what is watched. Exit code 0: every rehearsal
        passed; 3: one did not; 8: one was cancelled; 2: one could not be done. The gravest of a wave's counts, in this
        order.
        """;

    public static Command Create()
    {
        var release = new Argument<string>("release") { Description = "The release, as release list shows it" };
        var tenant = new Option<string?>("--tenant") { Description = "Of this tenant" };
        var wave = new Option<int?>("--wave")
        {
            Description = "Of every tenant of this wave, as rollout plan shows it",
        };
        var environment = new Option<string?>("--environment", "-e")
        {
            Description = "Whose plan is meant (default: the tenant's own; of a wave: production)",
        };
        var accept = new Option<string[]>("--accept")
        {
            Description = "A module that keeps credentials and brings no neutralize.sql: emptying them is enough",
        };
        var (noWait, reason, json) = (OrderedWork.NoWait(), ReasonOption.Create(), JsonOption.Create());
        var command = new Command("rehearse", Text)
        {
            release,
            tenant,
            wave,
            environment,
            accept,
            noWait,
            reason,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var ordered = await client.PostAsync<OrderRehearsals, IReadOnlyList<OrderedRehearsal>>(
                    "/api/rehearsals",
                    new(
                        parsed.GetRequiredValue(release),
                        parsed.GetValue(environment) ?? (parsed.GetValue(wave) is null ? null : "production"),
                        parsed.GetValue(tenant),
                        parsed.GetValue(wave),
                        parsed.GetValue(accept),
                        parsed.GetValue(reason)
                    ),
                    cancellationToken
                );
                var asJson = parsed.GetValue(json);
                return parsed.GetValue(noWait)
                    ? await LeaveAsync(parsed, ordered, asJson)
                    : await new RehearsalFollower(
                        client,
                        parsed,
                        isWave: parsed.GetValue(wave) is not null,
                        asJson
                    ).FollowAsync(ordered, cancellationToken);
            }
        );
        return command;
    }

    private static async Task<int> LeaveAsync(ParseResult parsed, IReadOnlyList<OrderedRehearsal> ordered, bool json)
    {
        if (json)
        {
            parsed.WriteJson(ordered);
            return ExitCodes.Done;
        }

        foreach (var rehearsal in ordered)
        {
            await parsed.Output().WriteLineAsync($"{rehearsal.Id}  {rehearsal.Tenant}");
        }

        await parsed.WriteNextAsync(
            ordered is [var only] ? $"tidegate job watch {only.Id}" : "tidegate job list --kind rehearsal"
        );
        return ExitCodes.Done;
    }
}
