using System.CommandLine;
using System.Globalization;
using Tidegate.Contracts.Checkpoints;

namespace Tidegate.Cli.Checkpoints;

internal static class ListCommand
{
    public static Command Create()
    {
        var json = JsonOption.Create();
        var command = new Command(
            "list",
            "List the checkpoints that are kept, the oldest first\n\nExample: tidegate checkpoint list"
        )
        {
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var list = await client.GetAsync<CheckpointList>("/api/checkpoints", cancellationToken);
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(list.Checkpoints);
                }
                else
                {
                    TextTable.Write(
                        parsed.Output(),
                        ["TENANT", "SITE", "CHECKPOINT", "RELEASE", "SIZE", "AGE", "ROLLOUT"],
                        list.Checkpoints.Select(Row)
                    );
                }

                foreach (var silent in list.Silent)
                {
                    await parsed
                        .Error()
                        .WriteLineAsync($"Checkpoints of site {silent.Site} are missing: {silent.Reason}");
                }

                return list.Silent.Count == 0 ? ExitCodes.Done : ExitCodes.Unavailable;
            }
        );
        return command;
    }

    private static IReadOnlyList<string> Row(CheckpointView checkpoint) =>
        [
            checkpoint.Tenant,
            checkpoint.Site,
            checkpoint.Id,
            checkpoint.Release ?? "?",
            string.Create(CultureInfo.InvariantCulture, $"{checkpoint.Bytes >> 20} MB"),
            Age(TimeSpan.FromSeconds(checkpoint.AgeSeconds)),
            checkpoint.IsInUse ? $"{checkpoint.Rollout} (in use)" : checkpoint.Rollout ?? "?",
        ];

    private static string Age(TimeSpan age) =>
        age switch
        {
            { TotalDays: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalDays:0} d"),
            { TotalHours: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0} h"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{age.TotalMinutes:0} min"),
        };
}
