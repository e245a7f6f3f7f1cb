namespace Tidegate.ControlPlane.DesiredState.Yaml;

/// <summary>What is wrong with one file: the first problems in the order found, and how many there are.</summary>
internal sealed class DocumentProblems(string file)
{
    private readonly List<FleetProblem> first = [];

    public IReadOnlyList<FleetProblem> First => first;

    public int Count { get; private set; }

    public void Add(Place at, string what, string? suggestion = null)
    {
        Count++;
        if (first.Count < FleetLayout.MostProblems)
        {
            first.Add(new FleetProblem(file, at.Line, at.Column, what, suggestion));
        }
    }
}
