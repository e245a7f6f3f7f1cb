using System.Text.Json.Serialization;
using Tidegate.Contracts.Rehearsals;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Rehearsals.Prediction;

namespace Tidegate.Bench.Rehearsals;

/// <summary>One upgrade: what its plan printed before it began, and the hold that came of it.</summary>
/// <param name="Basis">What the prediction rested on, as the plan says it.</param>
/// <param name="Steps">Those that the hold is made of.</param>
internal sealed record PredictedUpgrade(
    string Tenant,
    double DatabaseMb,
    string Release,
    double PredictedS,
    double LowerS,
    double UpperS,
    double MeasuredS,
    string Basis,
    IReadOnlyDictionary<string, RehearsedAndReal> Steps
)
{
    /// <summary>By what share of the real hold the prediction missed it.</summary>
    public double Error => Math.Round(Math.Abs(PredictedS - MeasuredS) / MeasuredS, 3);

    public bool IsInside => MeasuredS >= LowerS && MeasuredS <= UpperS;

    [JsonIgnore]
    public double IntervalRatio => UpperS / LowerS;

    /// <exception cref="InvalidOperationException">Nothing was predicted, or the upgrade did not complete.</exception>
    public static PredictedUpgrade Of(
        string release,
        PlannedTenant planned,
        RehearsalDetails rehearsal,
        UpgradeView upgrade
    )
    {
        var interval =
            planned.Prediction
            ?? throw new InvalidOperationException(
                $"The plan of {release} predicts nothing for {planned.Tenant}, although it was rehearsed."
            );
        return upgrade.Ending is not "completed"
            ? throw new InvalidOperationException($"{upgrade.Tenant}, {upgrade.Ending}: {upgrade.Reason}")
            : new(
                planned.Tenant,
                Math.Round(planned.CheckpointBytes / 1e6),
                release,
                Rounded(planned.PredictedHoldSeconds),
                Rounded(interval.LowSeconds),
                Rounded(interval.HighSeconds),
                Rounded(upgrade.HoldSeconds!.Value),
                interval.Basis,
                CutoverParts.Held.ToDictionary(
                    step => step,
                    step => RehearsedAndReal.Of(step, rehearsal, upgrade),
                    StringComparer.Ordinal
                )
            );
    }

    private static double Rounded(double seconds) => Math.Round(seconds, 3);
}

/// <summary>What a step took, in the rehearsal and in the cutover.</summary>
/// <param name="RehearsedS">Null where a rehearsal has no such step.</param>
internal sealed record RehearsedAndReal(double? RehearsedS, double RealS)
{
    public static RehearsedAndReal Of(string step, RehearsalDetails rehearsal, UpgradeView upgrade) =>
        new(
            rehearsal.Steps.FirstOrDefault(rehearsed => rehearsed.Name == step)?.Seconds,
            Math.Round(upgrade.Steps.Where(ran => ran.Kind == step).Sum(ran => ran.Seconds), 3)
        );
}
