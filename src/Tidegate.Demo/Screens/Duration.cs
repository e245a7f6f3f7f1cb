using System.Globalization;

namespace Tidegate.Demo.Screens;

/// <summary>How spans of time read on a screen.</summary>
internal static class Duration
{
    public static string Text(TimeSpan span) =>
        span < TimeSpan.FromMinutes(1)
            ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s")
            : string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes}:{span.Seconds:00} min");

    public static string Text(double seconds) => Text(TimeSpan.FromSeconds(seconds));
}
