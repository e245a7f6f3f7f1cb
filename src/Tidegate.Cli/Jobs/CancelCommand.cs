using System.CommandLine;
using Tidegate.Cli.Rollouts;
using Tidegate.Contracts.Jobs;

namespace Tidegate.Cli.Jobs;

internal static class CancelCommand
{
    public static Command Create()
    {
        var id = JobCommands.Id();
        var reason = ReasonOption.Create();
        var json = JsonOption.Create();
        var command = new Command(
            "cancel",
            "Give a job up: it stops where it is and removes what it made for itself\n\nExample: tidegate job cancel j-0199… --reason \"the wrong tenant\""
        )
        {
            id,
            reason,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var job = await client.PostAsync<CancelJob, JobView>(
                    $"{JobCommands.Path(parsed.GetRequiredValue(id))}/cancel",
                    new CancelJob(parsed.GetValue(reason)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(job);
                }
                else
                {
                    await parsed
                        .Output()
                        .WriteLineAsync(job.State is "ended" ? JobText.End(job) : $"job {job.Id} is being given up");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
