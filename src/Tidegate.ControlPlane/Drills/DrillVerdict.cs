using System.Collections.Immutable;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Drills;

/// <summary>Holds what a drill measured against what was promised. What was not measured never passes.</summary>
public static class DrillVerdict
{
    /// <param name="failure">Why the loss could not be recovered from; null when it was.</param>
    public static DrillJudgement Judge(
        DrillMeasurement measured,
        IReadOnlyCollection<RecoveryObjective> objectives,
        string? failure
    )
    {
        var processes = objectives.Select(objective => Judge(measured, objective)).ToImmutableArray();
        ImmutableArray<string> wrong =
        [
            .. failure is null ? Array.Empty<string>() : [failure],
            .. measured.Checks.Where(check => check.Holds is false).Select(check => $"{check.What}: {check.Detail}"),
        ];
        ImmutableArray<string> unknown =
        [
            .. measured.Checks.Where(check => check.Holds is null).Select(check => $"{check.What}: {check.Detail}"),
            .. measured.Checks.IsEmpty ? ["nothing of what was recovered was looked at"] : Array.Empty<string>(),
            .. objectives.Count == 0
                ? ["no objective covers it, so nothing was promised: say it in objectives/*.yaml"]
                : Array.Empty<string>(),
        ];
        var verdict =
            wrong.Length > 0 || processes.Any(process => process.Verdict is GateVerdict.Fail) ? GateVerdict.Fail
            : unknown.Length > 0 || processes.Any(process => process.Verdict is not GateVerdict.Pass)
                ? GateVerdict.Inconclusive
            : GateVerdict.Pass;
        return new(verdict, processes, [.. wrong, .. unknown]);
    }

    private static ProcessJudgement Judge(DrillMeasurement measured, RecoveryObjective objective)
    {
        List<string> wrong = [];
        List<string> unknown = [];
        Compare(measured.RecoveryTime, objective.RecoveryTime, "recovery time");
        Compare(measured.RecoveryPoint, objective.RecoveryPoint, "recovery point");
        foreach (var model in objective.Documents)
        {
            if (measured.Documents.TryGetValue(model, out var rows) && rows is null)
            {
                unknown.Add($"the tenant has no {model}, so nothing is known of it");
            }
        }

        return new(
            objective.Process,
            objective.Name,
            objective.RecoveryTime,
            measured.RecoveryTime,
            objective.RecoveryPoint,
            measured.RecoveryPoint,
            wrong.Count > 0 ? GateVerdict.Fail
                : unknown.Count > 0 ? GateVerdict.Inconclusive
                : GateVerdict.Pass,
            [.. wrong, .. unknown]
        );

        void Compare(TimeSpan? achieved, TimeSpan wanted, string what)
        {
            if (achieved is not { } known)
            {
                unknown.Add($"the {what} was not measured");
            }
            else if (known > wanted)
            {
                wrong.Add($"the {what} was {DrillText.Duration(known)}, and {DrillText.Duration(wanted)} was promised");
            }
        }
    }
}
