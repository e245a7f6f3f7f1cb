using System.Globalization;

namespace Tidegate.ControlPlane.Drills;

/// <summary>Durations and moments for people.</summary>
internal static class DrillText
{
    public static string Duration(TimeSpan duration) =>
        duration switch
        {
            { TotalMinutes: < 2 } => Text(duration.TotalSeconds, "s"),
            { TotalHours: < 2 } => Text(duration.TotalMinutes, "min"),
            { TotalDays: < 2 } => Text(duration.TotalHours, "h"),
            _ => Text(duration.TotalDays, "d"),
        };

    public static string Duration(TimeSpan? duration) => duration is { } known ? Duration(known) : "not measured";

    public static string Moment(DateTimeOffset at) =>
        at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Text(double amount, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{amount:0.#} {unit}");
}
