using System.Globalization;
using Tidegate.Bench.Cutover;
using Tidegate.Contracts.Fleet;
using Tidegate.Demo.Shops;

namespace Tidegate.Bench.Recovery;

/// <summary>How large the shop is that goes to a moment, and how many others share its cluster.</summary>
internal sealed record PitrSize(int Megabytes, int Neighbours)
{
    // Met within a tenth: none is smaller than 100 MB.
    private const int NeighbourMegabytes = 115;

    /// <summary>The size that the figures are promised for.</summary>
    public static PitrSize Whole { get; } = new(1000, 9);

    /// <summary>The shops of one pool and what they hold: first the one that goes back, then its neighbours.</summary>
    public IReadOnlyList<(TenantDocument Shop, ShopData Data)> Fleet =>
        [
            (BenchSite.Shops[0], new(Megabytes, Seed: 1)),
            .. Enumerable
                .Range(1, Neighbours)
                .Select(number => (Neighbour(number), new ShopData(NeighbourMegabytes, Seed: number + 1))),
        ];

    /// <summary>Reads <c>--size MEGABYTES</c> and <c>--neighbours NUMBER</c>, each with the whole size's where it is not said; null for anything else.</summary>
    public static PitrSize? Parse(ReadOnlySpan<string> options) =>
        options switch
        {
            [] => Whole,
            ["--size", var text, .. var rest] when Number(text) is { } number => Parse(rest) is { } others
                ? others with
                {
                    Megabytes = number,
                }
                : null,
            ["--neighbours", var text, .. var rest] when Number(text) is { } number => Parse(rest) is { } others
                ? others with
                {
                    Neighbours = number,
                }
                : null,
            _ => null,
        };

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : null;

    private static TenantDocument Neighbour(int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"neighbour-{number}");
        return BenchSite.Shops[0] with { Name = name, Database = name, Hosts = [$"{name}.localhost"] };
    }
}
