using Tidegate.Contracts.Drills;
using Tidegate.ControlPlane.Objectives;

namespace Tidegate.ControlPlane.Drills;

/// <summary>Drills as the API shows them.</summary>
internal static class DrillDocuments
{
    public static DrillView View(this StoredDrill stored)
    {
        var drill = stored.Drill;
        return new(
            drill.Id.Value,
            drill.Scenario.Word(),
            drill.Site.Value,
            drill.Tenant?.Value,
            drill.StartedAt,
            drill.EndedAt,
            DrillReport.Word(drill.Judgement.Verdict),
            drill.Measured.RecoveryTime?.TotalSeconds,
            drill.Measured.RecoveryPoint?.TotalSeconds,
            drill.Measured.Acknowledged,
            drill.Measured.Lost,
            stored.Report
        );
    }

    public static DrillDetails Details(this StoredDrill stored) =>
        new(
            stored.View(),
            [
                .. stored.Drill.Judgement.Processes.Select(process => new DrillProcessView(
                    process.Process,
                    process.Objective.Value,
                    process.WantedTime.TotalSeconds,
                    process.AchievedTime?.TotalSeconds,
                    process.WantedPoint.TotalSeconds,
                    process.AchievedPoint?.TotalSeconds,
                    DrillReport.Word(process.Verdict),
                    process.Reasons
                )),
            ],
            [
                .. stored.Drill.Steps.Select(step => new DrillStepView(
                    step.What,
                    step.At,
                    step.Took.TotalSeconds,
                    step.IsRecovery,
                    step.Note
                )),
            ],
            [
                .. stored.Drill.Measured.Checks.Select(check => new DrillCheckView(
                    check.What,
                    check.Holds,
                    check.Detail
                )),
            ],
            stored.Drill.Judgement.Reasons,
            DrillReport.Markdown(stored.Drill)
        );
}
