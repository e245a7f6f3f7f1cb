using System.Collections.Immutable;

namespace Tidegate.Drivers.Odoo;

/// <summary>What a release did to a tenant's catalogue.</summary>
/// <param name="Worsened">Gaps that were not there before. Any of them fails the release here.</param>
/// <param name="Known">Gaps that were there before; reported, not held against the release.</param>
/// <param name="Healed">Gaps that are gone.</param>
/// <param name="Changes">What the release changed on purpose, one line each: columns, constraints, indexes, views.</param>
public sealed record CatalogueDifference(
    ImmutableArray<CatalogueGap> Worsened,
    ImmutableArray<CatalogueGap> Known,
    ImmutableArray<CatalogueGap> Healed,
    ImmutableArray<string> Changes
);

/// <summary>Compares two catalogues of the same tenant: before the release and after.</summary>
public static class CatalogueComparison
{
    public static CatalogueDifference Compare(Catalogue before, Catalogue after)
    {
        var old = before.Gaps.Select(gap => gap.Key).ToHashSet();
        var now = after.Gaps.Select(gap => gap.Key).ToHashSet();
        return new(
            [.. after.Gaps.Where(gap => !old.Contains(gap.Key))],
            [.. after.Gaps.Where(gap => old.Contains(gap.Key))],
            [.. before.Gaps.Where(gap => !now.Contains(gap.Key))],
            [
                .. Changes("column", before.Columns, after.Columns),
                .. Changes("constraint", before.Constraints, after.Constraints),
                .. Changes("index", before.Indexes, after.Indexes),
                .. Views(before, after),
            ]
        );
    }

    private static IEnumerable<string> Changes(
        string what,
        ImmutableSortedDictionary<string, string> before,
        ImmutableSortedDictionary<string, string> after
    ) =>
        after
            .Where(entry => !before.ContainsKey(entry.Key))
            .Select(entry => $"{what} {entry.Key} added: {entry.Value}")
            .Concat(before.Keys.Where(key => !after.ContainsKey(key)).Select(key => $"{what} {key} removed"))
            .Concat(
                after
                    .Where(entry =>
                        before.TryGetValue(entry.Key, out var was)
                        && !string.Equals(was, entry.Value, StringComparison.Ordinal)
                    )
                    .Select(entry => $"{what} {entry.Key} changed: {before[entry.Key]} -> {entry.Value}")
            );

    private static IEnumerable<string> Views(Catalogue before, Catalogue after) =>
        string.Equals(before.ViewsFingerprint, after.ViewsFingerprint, StringComparison.Ordinal)
            ? []
            : ["views changed"];
}
