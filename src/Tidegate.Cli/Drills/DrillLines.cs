using System.Globalization;
using Tidegate.Contracts.Drills;

namespace Tidegate.Cli.Drills;

/// <summary>Drills for people.</summary>
internal static class DrillLines
{
    public static void Write(TextWriter writer, DrillDetails details)
    {
        var drill = details.Drill;
        writer.WriteLine(
            $"{drill.Scenario} {drill.Tenant ?? drill.Site}: {drill.Verdict}  recovery time {Seconds(drill.RecoveryTimeSeconds)}, recovery point {Seconds(drill.RecoveryPointSeconds)}  ({drill.Id})"
        );
        foreach (var process in details.Processes)
        {
            writer.WriteLine(
                $"  {process.Process}: {process.Verdict}  time {Seconds(process.AchievedTimeSeconds)} of {Seconds(process.WantedTimeSeconds)}, point {Seconds(process.AchievedPointSeconds)} of {Seconds(process.WantedPointSeconds)}"
            );
            foreach (var reason in process.Reasons)
            {
                writer.WriteLine($"    {reason}");
            }
        }

        foreach (var reason in details.Reasons)
        {
            writer.WriteLine($"  {reason}");
        }
    }

    public static string Seconds(double? seconds) =>
        seconds is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known:0.0} s") : "not measured";
}
