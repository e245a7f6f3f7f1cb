using System.Collections.Immutable;

namespace Tidegate.ControlPlane.DesiredState;

/// <summary>What reading a fleet came to.</summary>
public abstract record FleetReading
{
    private FleetReading() { }

    public sealed record Good(DesiredFleet Fleet) : FleetReading;

    /// <param name="Problems">By file and line; the first <see cref="FleetLayout.MostProblems"/>.</param>
    /// <param name="Count">How many there are in all.</param>
    public sealed record Broken(ImmutableArray<FleetProblem> Problems, int Count) : FleetReading;
}
