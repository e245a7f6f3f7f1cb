using System.CommandLine;
using Tidegate.Contracts.Rollouts;

namespace Tidegate.Cli.Rollouts;

internal static class ResumeCommand
{
    public static Command Create()
    {
        var id = RolloutArgument.Create();
        var tenant = new Option<string?>("--tenant") { Description = "One tenant (default: every tenant that asks)" };
        var reason = ReasonOption.Create();
        var json = JsonOption.Create();
        var command = new Command(
            "resume",
            "Let tenants that ask a person go on: the step that asked is tried again, or goes back when the rollout was aborted\n\nExample: tidegate rollout resume r-0199… --tenant shop-oslo"
        )
        {
            id,
            tenant,
            reason,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var resumed = await client.PostAsync<ResumeRollout, ResumedRollout>(
                    $"{RolloutArgument.Path(parsed.GetRequiredValue(id))}/resume",
                    new ResumeRollout(parsed.GetValue(tenant), parsed.GetValue(reason)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(resumed);
                }
                else
                {
                    Write(resumed, parsed.Output());
                    await parsed.WriteNextAsync($"tidegate rollout watch {resumed.Id}");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static void Write(ResumedRollout resumed, TextWriter writer)
    {
        foreach (var tenant in resumed.Tenants)
        {
            writer.WriteLine($"{tenant.Tenant} goes {(tenant.Direction is "back" ? "back" : "on")}: {tenant.Step}");
        }

        if (resumed.Tenants.Count == 0)
        {
            writer.WriteLine("no tenant asks a person; nothing was changed");
        }
    }
}
