using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Rehearsals.Prediction;

/// <summary>Seconds that the steps of a cutover took, by the step's kind: measured in a rehearsal, or in a real cutover.</summary>
/// <param name="Bytes">The database's size.</param>
public sealed record CutoverParts(ImmutableSortedDictionary<string, double> Seconds, long Bytes)
{
    /// <summary>The steps during which requests are held, in order.</summary>
    public static ImmutableArray<string> Held { get; } =
    ["hold", "fence", "copy", "migrate", "judge", "swap", "warm", "verify", "open"];

    /// <summary>Those before, while people work.</summary>
    public static ImmutableArray<string> Before { get; } =
    ["preflight", "start-generation", "baseline", "link-filestore", "quiesce"];

    public double? Find(string step) => Seconds.TryGetValue(step, out var seconds) ? seconds : null;
}

/// <summary>A cutover that was really done, with what its rehearsal had measured, if there was one.</summary>
/// <param name="HoldSeconds">From the hold's begin to the end of opening.</param>
public sealed record PastCutover(CutoverParts Real, CutoverParts? Rehearsed, double HoldSeconds);
