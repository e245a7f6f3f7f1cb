using System.CommandLine;

namespace Tidegate.Cli.Jobs;

internal static class WatchCommand
{
    public static Command Create()
    {
        var id = JobCommands.Id();
        var json = JsonOption.Create();
        var command = new Command(
            "watch",
            "Follow a job until it ends; exit code 2 when it failed, 8 when it was cancelled\n\nExample: tidegate job watch j-0199…"
        )
        {
            id,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var job = await new JobFollower(client, parsed, parsed.GetValue(json)).FollowAsync(
                    parsed.GetRequiredValue(id),
                    cancellationToken
                );
                if (job is not null && parsed.GetValue(json))
                {
                    parsed.WriteJson(job);
                }
                else if (job is not null)
                {
                    await parsed.Output().WriteLineAsync(JobText.End(job));
                }

                return JobFollower.ExitCode(job);
            }
        );
        return command;
    }
}
