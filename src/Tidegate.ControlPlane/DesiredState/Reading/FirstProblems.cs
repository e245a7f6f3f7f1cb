using System.Collections.Immutable;

namespace Tidegate.ControlPlane.DesiredState.Reading;

/// <summary>All problems of a fleet are counted; the first in the order of file and line are kept. So a fleet of which every file is broken takes no more memory than a good one.</summary>
internal sealed class FirstProblems
{
    private static readonly Comparer<FleetProblem> ByPlace = Comparer<FleetProblem>.Create(
        (left, right) =>
            string.CompareOrdinal(left.File, right.File) is not 0 and var file ? file
            : (left.Line, left.Column).CompareTo((right.Line, right.Column)) is not 0 and var place ? place
            : string.CompareOrdinal(left.What, right.What)
    );

    private readonly SortedSet<FleetProblem> first = new(ByPlace);

    public int Count { get; private set; }

    /// <summary>Whether another problem may still be among the first: beyond that, nobody needs a suggestion.</summary>
    public bool HasRoom => first.Count < FleetLayout.MostProblems;

    public ImmutableArray<FleetProblem> First => [.. first];

    public void Add(FleetProblem problem)
    {
        Count++;
        Keep(problem);
    }

    public void Add(DesiredDocument document)
    {
        Count += document.Count;
        foreach (var problem in document.Problems)
        {
            Keep(problem);
        }
    }

    private void Keep(FleetProblem problem)
    {
        if (first.Add(problem) && first.Count > FleetLayout.MostProblems)
        {
            first.Remove(first.Max!);
        }
    }
}
