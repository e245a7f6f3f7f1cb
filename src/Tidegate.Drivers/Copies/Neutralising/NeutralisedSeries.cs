using System.Globalization;

namespace Tidegate.Drivers.Copies.Neutralising;

/// <summary>The series on which it was proven what their own scripts leave live.</summary>
internal static class NeutralisedSeries
{
    /// <summary>From this one on Odoo brings scripts.</summary>
    public const int FirstWithScripts = 16;

    private static readonly string[] Proven = ["14.0", "19.0"];

    public static int Major(string series) =>
        int.TryParse(series.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : 0;

    /// <summary>Why a database cannot be neutralised with this release; null when it can.</summary>
    public static string? Refusal(InstalledModules installed, ReleaseAddons addons) =>
        !Proven.Contains(installed.Series, StringComparer.Ordinal)
            ? $"it is of Odoo {installed.Series}, and what a copy of that series leaves live was never proven: only {string.Join(" and ", Proven)} were"
        : installed.Series != addons.Series
            ? $"it is of Odoo {installed.Series} and the release of {addons.Series}: its scripts would not fit"
        : null;
}
