using System.Globalization;
using System.Text.RegularExpressions;

namespace Tidegate.ControlPlane.Catalog.Modules;

/// <summary>The version that the name of a folder of migration scripts stands for.</summary>
internal sealed partial class MigrationVersion
{
    private readonly OdooVersion version;
    private readonly bool isShort;

    private MigrationVersion(OdooVersion version, bool isShort)
    {
        this.version = version;
        this.isShort = isShort;
    }

    /// <summary>Null when it is none. A short name speaks of the module alone, whatever the series.</summary>
    public static MigrationVersion? Of(string folder, string series)
    {
        var speaksOfModule = folder.Count(letter => letter == '.') <= 2;
        return OdooVersion.TryParse(speaksOfModule ? $"{series}.{folder}" : folder) is { } version
            ? new(version, speaksOfModule)
            : null;
    }

    /// <summary>Whether Odoo 17 and later take the name for a version at all.</summary>
    public static bool IsName(string folder) => Name().IsMatch(folder);

    /// <summary>The series before the module's version, or null.</summary>
    public static string? SeriesOf(string folder) =>
        Name().Match(folder) is { Success: true } match && match.Groups["series"] is { Success: true } series
            ? series.Value
            : null;

    public static bool IsLater(string series, string than) =>
        OdooVersion.TryParse(than) is { } other && OdooVersion.TryParse(series) is { } own && other.IsBefore(own);

    /// <summary>19 of <c>19.0</c> and <c>saas~19.2</c>; 0 when it is no series.</summary>
    public static int Major(string series) =>
        int.TryParse(
            series.Replace("saas~", "", StringComparison.Ordinal).Split('.')[0],
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var major
        )
            ? major
            : 0;

    /// <param name="module">As Odoo records it, series first.</param>
    public bool IsAbove(string module) =>
        OdooVersion.TryParse(module) is { } other
        && (isShort ? other.WithoutSeries().IsBefore(version.WithoutSeries()) : other.IsBefore(version));

    // Odoo's own pattern, but for series before 6.
    [GeneratedRegex(
        @"\A((?<series>[6-9]\.0|[1-9][0-9]+\.0|(7|8|9|10)\.saas~[1-9][0-9]*|saas~(1[1-9]|[2-9][0-9]+)\.[1-9])\.)?[0-9]+\.[0-9]+(\.[0-9]+)?\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Name();
}
