using System.CommandLine;
using System.Text.Json;
using Tidegate.Contracts;
using Tidegate.Contracts.Jobs;

namespace Tidegate.Cli.Jobs;

internal static class ShowCommand
{
    public static Command Create()
    {
        var id = JobCommands.Id();
        var json = JsonOption.Create();
        var command = new Command("show", "Show a job and what came of it\n\nExample: tidegate job show j-0199…")
        {
            id,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var job = await client.GetAsync<JobView>(
                    JobCommands.Path(parsed.GetRequiredValue(id)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(job);
                }
                else
                {
                    Write(job, parsed.Output());
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static void Write(JobView job, TextWriter writer)
    {
        writer.WriteLine($"{job.Kind} of {job.Subject} on site {job.Site}: {JobText.Stage(job)}");
        writer.WriteLine($"  ordered by {job.Actor} at {job.CreatedAt:u}{(job.Reason is { } why ? $": {why}" : "")}");
        if (job.Failure is { } failure)
        {
            writer.WriteLine($"  {failure}");
        }

        if (job.Result is { } result)
        {
            writer.WriteLine(JsonSerializer.Serialize(result, ApiJson.Indented));
        }
    }
}
