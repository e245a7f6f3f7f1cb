using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Following;

/// <summary>How commits of a range descend from one another.</summary>
/// <param name="parents">Of each commit of the range; parents outside it end the way.</param>
public sealed class CommitGraph<TId>(IReadOnlyDictionary<TId, ImmutableArray<TId>> parents)
    where TId : notnull
{
    /// <summary>What a merge brought with it: what can be reached from its other parents and not from its first.</summary>
    public IReadOnlySet<TId> BroughtInBy(TId merge)
    {
        if (!parents.TryGetValue(merge, out var from) || from.Length < 2)
        {
            return ImmutableHashSet<TId>.Empty;
        }

        var brought = Reached(from[1..]);
        brought.ExceptWith(Reached(from[..1]));
        return brought;
    }

    private HashSet<TId> Reached(IEnumerable<TId> from)
    {
        var reached = new HashSet<TId>();
        var open = new Stack<TId>(from);
        while (open.TryPop(out var id))
        {
            if (parents.TryGetValue(id, out var next) && reached.Add(id))
            {
                foreach (var parent in next)
                {
                    open.Push(parent);
                }
            }
        }

        return reached;
    }
}
