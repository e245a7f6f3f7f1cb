using System.CommandLine;
using System.Text.Json;
using Tidegate.Cli.Client;
using Tidegate.Contracts;
using Tidegate.Contracts.Rollouts;

namespace Tidegate.Cli.Rollouts;

internal static class WatchCommand
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(400);

    public static Command Create()
    {
        var id = new Argument<string>("rollout") { Description = "The rollout's id" };
        var json = JsonOption.Create();
        var command = new Command(
            "watch",
            "Follow a rollout until it ends; exit code 2 when it was halted or rolled back\n\nExample: tidegate rollout watch r-0199…"
        )
        {
            id,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                return await FollowAsync(client, parsed.GetRequiredValue(id), parsed.GetValue(json), cancellationToken);
            }
        );
        return command;
    }

    /// <summary>Prints one line per change (JSON Lines with <paramref name="json"/>) until the rollout has ended. Interrupting only detaches.</summary>
    public static async Task<int> FollowAsync(
        ControlPlaneClient client,
        string id,
        bool json,
        CancellationToken cancellationToken
    )
    {
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        using var timer = new PeriodicTimer(Poll);
        try
        {
            while (true)
            {
                var rollout = await client.GetAsync<RolloutView>(
                    $"/api/rollouts/{Uri.EscapeDataString(id)}",
                    cancellationToken
                );
                foreach (var tenant in rollout.Tenants)
                {
                    Say(said, tenant, json);
                }

                if (rollout.State is "ended")
                {
                    SayEnd(rollout, json);
                    return ExitCodes.OfOutcome(rollout.Outcome);
                }

                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"detached; rollout {id} goes on. next: tidegate rollout watch {id}");
            return ExitCodes.Interrupted;
        }
    }

    private static void Say(Dictionary<string, string> said, UpgradeView tenant, bool json)
    {
        var line = RolloutText.Line(tenant);
        if (said.TryGetValue(tenant.Id, out var last) && last == line)
        {
            return;
        }

        said[tenant.Id] = line;
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { type = "tenant", tenant }, ApiJson.Options));
        }
        else if (tenant.State is not "pending")
        {
            Console.Out.WriteLine(line);
        }
    }

    private static void SayEnd(RolloutView rollout, bool json) =>
        Console.Out.WriteLine(
            json
                ? JsonSerializer.Serialize(
                    new
                    {
                        type = "end",
                        outcome = rollout.Outcome,
                        reason = rollout.Reason,
                    },
                    ApiJson.Options
                )
                : RolloutText.End(rollout)
        );
}
