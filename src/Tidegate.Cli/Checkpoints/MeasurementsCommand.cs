using System.CommandLine;
using System.Globalization;
using Tidegate.Contracts.Measurements;

namespace Tidegate.Cli.Checkpoints;

internal static class MeasurementsCommand
{
    public static Command Create()
    {
        var json = JsonOption.Create();
        var command = new Command(
            "measurements",
            "Show how fast each site makes checkpoints, as it has measured itself\n\nExample: tidegate checkpoint measurements"
        )
        {
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var sites = await client.GetAsync<IReadOnlyList<MeasurementView>>(
                    "/api/measurements",
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(sites);
                }
                else
                {
                    TextTable.Write(
                        parsed.Output(),
                        ["SITE", "COPY", "HOLD BESIDE IT", "CUTOVERS", "FREE", "DISK"],
                        sites.Select(Row)
                    );
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static IReadOnlyList<string> Row(MeasurementView site) =>
        [
            site.Site,
            Text($"{site.CopyBytesPerSecond / 1e6:0} MB/s"),
            Text($"{site.FixedHoldSeconds:0.0} s"),
            site.Cutovers == 0 ? "none: a guess" : Text($"{site.Cutovers}"),
            Text($"{site.FreeBytes >> 20} MB"),
            site.ProbeBytesPerSecond is { } probed
                ? Text($"{probed / 1e6:0} MB/s; {site.CloneReason}")
                : "not probed yet",
        ];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
