using System.CommandLine;
using System.Globalization;
using Tidegate.Contracts.Releases;

namespace Tidegate.Cli.Releases;

internal static class ListCommand
{
    public static Command Create()
    {
        var json = JsonOption.Create();
        var command = new Command(
            "list",
            "List registered releases, the newest first\n\nExample: tidegate release list\n\nThe 500 newest at most. CLASS and FINDINGS are those of the latest validation."
        )
        {
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var releases = await client.GetAsync<IReadOnlyList<ReleaseView>>("/api/releases", cancellationToken);
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(releases);
                    return ExitCodes.Done;
                }

                TextTable.Write(
                    parsed.Output(),
                    ["RELEASE", "DIGEST", "REGISTERED", "CLASS", "RISK", "FINDINGS", "BLOCKED"],
                    releases.Select(Row)
                );
                if (releases.Count == 0)
                {
                    await parsed.WriteNextAsync("tidegate release build, then tidegate release register");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static IReadOnlyList<string> Row(ReleaseView release) =>
        [
            release.Name,
            release.Digest,
            release.RegisteredAt.ToString("u", CultureInfo.InvariantCulture),
            release.Validation?.Class ?? "-",
            release.Risk,
            release.Validation is { } ended ? ReleaseText.Findings(ended.Errors, ended.Warnings, ended.Infos) : "-",
            release.Block?.Reason ?? "-",
        ];
}
