namespace Tidegate.ControlPlane.DesiredState;

/// <summary>One thing that is wrong with a fleet's files.</summary>
/// <param name="File">Path in the fleet, with slashes.</param>
/// <param name="Line">Counted from 1.</param>
/// <param name="Column">Counted from 1, in characters.</param>
/// <param name="What">One sentence.</param>
/// <param name="Suggestion">What was probably meant, or what to do; null when there is no telling.</param>
public sealed record FleetProblem(string File, int Line, int Column, string What, string? Suggestion = null)
{
    /// <summary>For people: <c>pools/shared.yaml:3:1: there is no key "worker". Did you mean "workers"?</c></summary>
    public override string ToString() =>
        FormattableString.Invariant(
            $"{File}:{Line}:{Column}: {What}{(Suggestion is { } suggestion ? $" {suggestion}" : "")}"
        );
}
