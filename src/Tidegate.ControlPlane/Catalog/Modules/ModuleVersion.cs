using System.Globalization;

namespace Tidegate.ControlPlane.Catalog.Modules;

/// <summary>A module's version as Odoo records it in the database.</summary>
internal abstract record ModuleVersion
{
    // From here on a manifest's version is checked; before, whatever lacks the series gets it in front.
    private const int FirstStrictSeries = 19;

    private ModuleVersion() { }

    public sealed record Recorded(string Version) : ModuleVersion;

    /// <summary>Made for another series of Odoo; 19 quietly does not install it.</summary>
    public sealed record AnotherSeries(string Series) : ModuleVersion;

    public sealed record Invalid : ModuleVersion;

    /// <param name="declared">What the manifest says.</param>
    /// <param name="series">The core's: <c>19.0</c>, <c>saas~18.2</c>.</param>
    public static ModuleVersion Read(string declared, string series)
    {
        var parts = declared.Split('.');
        var isPrefixed = declared.StartsWith($"{series}.", StringComparison.Ordinal);
        if (!isPrefixed && parts is [var major, var minor, _, _, _] && IsSeries(major))
        {
            return new AnotherSeries($"{major}.{minor}");
        }

        if (!IsStrict(series))
        {
            return new Recorded(isPrefixed ? declared : $"{series}.{declared}");
        }

        var own = isPrefixed ? declared[(series.Length + 1)..].Split('.') : parts;
        if (!own.All(IsNumber) || parts.Length is < 2 or > 5)
        {
            return new Invalid();
        }

        // "19.0" alone begins like the series, so it is not prefixed, and then is not of it: what Odoo 19 does.
        return isPrefixed ? new Recorded(declared)
            : parts.Length <= 3 && !declared.StartsWith(series, StringComparison.Ordinal)
                ? new Recorded($"{series}.{declared}")
            : new AnotherSeries(string.Join('.', parts.Take(2)));
    }

    private static bool IsStrict(string series) =>
        series.StartsWith("saas~", StringComparison.Ordinal)
            ? int.TryParse(series["saas~".Length..].Split('.')[0], CultureInfo.InvariantCulture, out var saas)
                && saas >= FirstStrictSeries
            : int.TryParse(series.Split('.')[0], CultureInfo.InvariantCulture, out var major)
                && major >= FirstStrictSeries;

    private static bool IsSeries(string major) =>
        major.StartsWith("saas~", StringComparison.Ordinal)
        || (int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 8);

    private static bool IsNumber(string part) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
