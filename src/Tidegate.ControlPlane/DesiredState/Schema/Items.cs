using System.Collections.Immutable;

namespace Tidegate.ControlPlane.DesiredState.Schema;

internal static class Items
{
    /// <summary>A list's items as <see cref="ListKind"/> writes them.</summary>
    public static ImmutableArray<object> ToImmutableItems<T>(this IEnumerable<T> items)
        where T : notnull => [.. items.Select(item => (object)item)];
}
