using System.CommandLine;
using System.Text.Json;
using Tidegate.Cli.Client;
using Tidegate.Contracts;
using Tidegate.Contracts.Jobs;

namespace Tidegate.Cli.Jobs;

/// <summary>Prints one line per stage of a job to the error stream (JSON Lines with <paramref name="json"/>) until it has ended. Interrupting only detaches.</summary>
/// <param name="about">What its lines begin with, where several jobs are followed; null where one is.</param>
internal sealed class JobFollower(ControlPlaneClient client, ParseResult parsed, bool json, string? about = null)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(300);

    /// <returns>The ended job; null when the user detached.</returns>
    public async Task<JobView?> FollowAsync(string id, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Poll);
        var said = "";
        try
        {
            while (true)
            {
                var job = await client.GetAsync<JobView>(JobCommands.Path(id), cancellationToken);
                if (job.State is "ended")
                {
                    return job;
                }

                var stage = JobText.Stage(job);
                if (stage != said)
                {
                    said = stage;
                    await parsed
                        .Error()
                        .WriteLineAsync(
                            json ? JsonSerializer.Serialize(new { type = "job", job }, ApiJson.Options)
                            : about is null ? stage
                            : $"{about}: {stage}"
                        );
                }

                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            await parsed.Error().WriteLineAsync($"detached; job {id} goes on.");
            await parsed.WriteNextAsync($"tidegate job watch {id}, or tidegate job cancel {id}");
            return null;
        }
    }

    /// <summary>The exit code that a job's end stands for.</summary>
    public static int ExitCode(JobView? job) =>
        job?.Outcome switch
        {
            null => ExitCodes.Interrupted,
            "done" => ExitCodes.Done,
            "cancelled" => ExitCodes.Aborted,
            _ => ExitCodes.EndedBadly,
        };
}
