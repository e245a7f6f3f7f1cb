using System.Globalization;
using Tidegate.Contracts.Objectives;

namespace Tidegate.Cli.Objectives;

/// <summary>Objectives for people.</summary>
internal static class ObjectiveText
{
    /// <summary>As git would say it, where it is whole: <c>15m</c>, <c>30d</c>; else <c>4.2s</c>.</summary>
    public static string Duration(double seconds) =>
        seconds switch
        {
            0 => "0s",
            _ when seconds % 86_400 == 0 => Text(seconds / 86_400, "d"),
            _ when seconds % 3600 == 0 => Text(seconds / 3600, "h"),
            _ when seconds % 60 == 0 => Text(seconds / 60, "m"),
            _ => Text(seconds, "s"),
        };

    public static string Cadence(CadenceView cadence) => $"{cadence.Scenario} every {Duration(cadence.EverySeconds)}";

    private static string Text(double amount, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{amount:0.#}{unit}");
}
