using System.CommandLine;
using System.Globalization;
using Tidegate.Contracts.Jobs;

namespace Tidegate.Cli.Jobs;

internal static class ListCommand
{
    public static Command Create()
    {
        var kind = new Option<string?>("--kind") { Description = "Only jobs of this kind: backup" };
        var subject = new Option<string?>("--subject") { Description = "Only jobs about this tenant, site or release" };
        var json = JsonOption.Create();
        var command = new Command(
            "list",
            "List jobs: those at work first, then those that ended, the newest first\n\nExample: tidegate job list --kind backup"
        )
        {
            kind,
            subject,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var jobs = await client.GetAsync<IReadOnlyList<JobView>>(
                    Path(parsed.GetValue(kind), parsed.GetValue(subject)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(jobs);
                }
                else
                {
                    TextTable.Write(
                        parsed.Output(),
                        ["KIND", "SUBJECT", "SITE", "STATE", "STARTED", "JOB"],
                        jobs.Select(Row)
                    );
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static string Path(string? kind, string? subject) =>
        "/api/jobs?limit=100"
        + (kind is null ? "" : $"&kind={Uri.EscapeDataString(kind)}")
        + (subject is null ? "" : $"&subject={Uri.EscapeDataString(subject)}");

    private static IReadOnlyList<string> Row(JobView job) =>
        [
            job.Kind,
            job.Subject,
            job.Site,
            JobText.Stage(job),
            job.StartedAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-",
            job.Id,
        ];
}
