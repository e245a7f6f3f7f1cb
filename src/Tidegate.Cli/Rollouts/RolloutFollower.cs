using System.CommandLine;
using System.Text.Json;
using Tidegate.Cli.Client;
using Tidegate.Contracts;
using Tidegate.Contracts.Rollouts;

namespace Tidegate.Cli.Rollouts;

/// <summary>Prints one line per change of a rollout (JSON Lines with <paramref name="json"/>) until it has ended. Interrupting only detaches.</summary>
internal sealed class RolloutFollower(ControlPlaneClient client, ParseResult parsed, bool json)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(400);

    private readonly Dictionary<string, string> _said = new(StringComparer.Ordinal);

    /// <returns>The exit code that the rollout's outcome stands for.</returns>
    public async Task<int> FollowAsync(string id, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Poll);
        try
        {
            while (true)
            {
                var rollout = await client.GetAsync<RolloutView>(RolloutArgument.Path(id), cancellationToken);
                foreach (var tenant in rollout.Tenants)
                {
                    await SayAsync(id, tenant);
                }

                if (rollout.State is "ended")
                {
                    SayEnd(rollout);
                    return ExitCodes.Of(rollout);
                }

                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            await parsed.Error().WriteLineAsync($"detached; rollout {id} goes on.");
            await parsed.WriteNextAsync($"tidegate rollout watch {id}, or tidegate rollout abort {id}");
            return ExitCodes.Interrupted;
        }
    }

    private async Task SayAsync(string rollout, UpgradeView tenant)
    {
        var line = RolloutText.Line(tenant);
        if (_said.TryGetValue(tenant.Id, out var last) && last == line)
        {
            return;
        }

        _said[tenant.Id] = line;
        if (json)
        {
            await parsed
                .Output()
                .WriteLineAsync(JsonSerializer.Serialize(new { type = "tenant", tenant }, ApiJson.Options));
        }
        else if (tenant.State is not "pending")
        {
            await parsed.Output().WriteLineAsync(line);
        }

        if (tenant.State is "asking")
        {
            await parsed.WriteNextAsync(RolloutText.Resume(rollout, tenant));
        }
    }

    private void SayEnd(RolloutView rollout) =>
        parsed
            .Output()
            .WriteLine(
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
