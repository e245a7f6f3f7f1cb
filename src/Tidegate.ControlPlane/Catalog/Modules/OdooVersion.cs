using System.Collections.Immutable;
using System.Globalization;

namespace Tidegate.ControlPlane.Catalog.Modules;

/// <summary>A module's version as Odoo compares it: numbers, trailing zeros dropped. <c>19.0.1.1</c> is series 19.0, module version 1.1.</summary>
public sealed class OdooVersion
{
    private const int SeriesParts = 2;

    private readonly ImmutableArray<int> parts;

    private OdooVersion(ImmutableArray<int> parts) => this.parts = parts;

    /// <summary>What a manifest's version becomes in the database: two or three parts get the series in front.</summary>
    public static string Adapt(string version, string series) =>
        version.Split('.').Length <= 3 && !version.StartsWith(series, StringComparison.Ordinal)
            ? $"{series}.{version}"
            : version;

    /// <summary>Null when a part is no number.</summary>
    public static OdooVersion? TryParse(string version)
    {
        var numbers = new List<int>();
        foreach (var part in version.Split('.'))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            numbers.Add(number);
        }

        while (numbers is [.., 0])
        {
            numbers.RemoveAt(numbers.Count - 1);
        }

        return new([.. numbers]);
    }

    /// <summary>The part behind the series.</summary>
    public OdooVersion WithoutSeries() => new([.. parts.Skip(SeriesParts)]);

    /// <summary>True when this version is lower. Equal versions are not before each other.</summary>
    public bool IsBefore(OdooVersion other)
    {
        foreach (var (mine, theirs) in parts.Zip(other.parts))
        {
            if (mine != theirs)
            {
                return mine < theirs;
            }
        }

        return parts.Length < other.parts.Length;
    }
}
