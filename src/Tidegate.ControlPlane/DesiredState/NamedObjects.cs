using System.Collections;
using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.DesiredState;

/// <summary>Objects of one kind in the order of their names (ordinal), found by name.</summary>
public sealed class NamedObjects<TName, TObject> : IReadOnlyList<TObject>
    where TName : struct, IName<TName>
    where TObject : class, INamed<TName>
{
    private readonly ImmutableArray<TObject> sorted;

    /// <param name="objects">In any order; no two of one name.</param>
    public NamedObjects(IEnumerable<TObject> objects) =>
        sorted = [.. objects.OrderBy(named => named.Name.Value, StringComparer.Ordinal)];

    public int Count => sorted.Length;

    public TObject this[int index] => sorted[index];

    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public TObject this[TName name] =>
        Find(name) ?? throw new KeyNotFoundException($"There is no {typeof(TObject).Name} {name.Value}.");

    /// <summary>Null when there is none of that name.</summary>
    public TObject? Find(TName name)
    {
        var (low, high) = (0, sorted.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            switch (string.CompareOrdinal(sorted[middle].Name.Value, name.Value))
            {
                case 0:
                    return sorted[middle];
                case < 0:
                    low = middle + 1;
                    break;
                default:
                    high = middle - 1;
                    break;
            }
        }

        return null;
    }

    public IEnumerator<TObject> GetEnumerator() => ((IEnumerable<TObject>)sorted).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
