using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Following;

/// <summary>Who has had a turn: when there is no time for all, the others come first, so that those that fail keep nobody waiting.</summary>
internal sealed class Turns
{
    private readonly HashSet<TenantName> _had = [];

    /// <summary>All in parts of this size, in the order given but for those that have had their turn; these come last, until all have had one.</summary>
    public IEnumerable<T[]> Parts<T>(IReadOnlyCollection<T> all, Func<T, TenantName> name, int size)
    {
        if (all.All(each => _had.Contains(name(each))))
        {
            _had.Clear();
        }

        foreach (var part in all.OrderBy(each => _had.Contains(name(each))).Chunk(size).ToList())
        {
            yield return part;
            _had.UnionWith(part.Select(name));
        }
    }
}
