using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Catalog.Differences;

/// <summary>On which of two sides something is.</summary>
public enum Change
{
    /// <summary>On the new side alone.</summary>
    Added,

    /// <summary>On the old side alone.</summary>
    Removed,

    /// <summary>On both, and it differs.</summary>
    Changed,
}

/// <summary>Something with a name that differs.</summary>
public sealed record ItemChange(string Name, Change Change);

/// <summary>Compares what two sides have by name.</summary>
internal static class Changes
{
    /// <param name="was">It is on the old side.</param>
    /// <param name="isThere">It is on the new side.</param>
    public static Change Of(bool was, bool isThere) =>
        !was ? Change.Added
        : isThere ? Change.Changed
        : Change.Removed;

    /// <summary>What differs, by name.</summary>
    /// <param name="from">Names and what is compared of each; a name that comes twice counts with all it has.</param>
    public static ImmutableArray<ItemChange> Between(
        IEnumerable<(string Name, string Content)> from,
        IEnumerable<(string Name, string Content)> to
    )
    {
        var (before, now) = (ByName(from), ByName(to));
        return
        [
            .. before
                .Keys.Union(now.Keys, StringComparer.Ordinal)
                .Where(name => before.GetValueOrDefault(name) != now.GetValueOrDefault(name))
                .Order(StringComparer.Ordinal)
                .Select(name => new ItemChange(name, Of(before.ContainsKey(name), now.ContainsKey(name)))),
        ];
    }

    private static Dictionary<string, string> ByName(IEnumerable<(string Name, string Content)> items) =>
        items
            .GroupBy(item => item.Name, item => item.Content, StringComparer.Ordinal)
            .ToDictionary(
                item => item.Key,
                item => string.Join('\n', item.Order(StringComparer.Ordinal)),
                StringComparer.Ordinal
            );
}
