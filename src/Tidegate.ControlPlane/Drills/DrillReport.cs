using System.Globalization;
using System.Text;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Drills;

/// <summary>A drill's report in Markdown: the same drill always gives the same text.</summary>
public static class DrillReport
{
    public static string Markdown(DrillResult drill)
    {
        var text = new StringBuilder();
        var subject = drill.Tenant is { } tenant ? $"tenant {tenant}, site {drill.Site}" : $"site {drill.Site}";
        Line($"# Drill {drill.Scenario.Word()}: {Word(drill.Judgement.Verdict)}");
        Line("");
        Line(
            $"{subject}. Played {DrillText.Moment(drill.StartedAt)} to {DrillText.Moment(drill.EndedAt)}, {drill.Id}."
        );
        Line("");
        foreach (var reason in drill.Judgement.Reasons)
        {
            Line($"- {reason}");
        }

        Processes();
        Measured();
        Timeline();
        Checks();
        return text.ToString();

        void Processes()
        {
            Line("");
            Line("## Objectives");
            Line("");
            if (drill.Judgement.Processes.IsEmpty)
            {
                Line("None covers it.");
                return;
            }

            Line("| process | recovery time | promised | recovery point | promised | verdict |");
            Line("|---|---|---|---|---|---|");
            foreach (var process in drill.Judgement.Processes)
            {
                Line(
                    $"| {process.Process} | {DrillText.Duration(process.AchievedTime)} | {DrillText.Duration(process.WantedTime)} | {DrillText.Duration(process.AchievedPoint)} | {DrillText.Duration(process.WantedPoint)} | {Word(process.Verdict)} |"
                );
            }

            foreach (var process in drill.Judgement.Processes)
            {
                foreach (var reason in process.Reasons)
                {
                    Line("");
                    Line($"{process.Process}: {reason}.");
                }
            }
        }

        void Measured()
        {
            Line("");
            Line("## Measured");
            Line("");
            Line($"- recovery time: {DrillText.Duration(drill.Measured.RecoveryTime)}");
            Line($"- recovery point: {DrillText.Duration(drill.Measured.RecoveryPoint)}");
            Line(
                drill.Measured is { Acknowledged: { } acknowledged, Lost: { } lost }
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"- of {acknowledged} acknowledged markers {lost} were lost"
                    )
                    : "- lost markers: not measured"
            );
            foreach (var (model, rows) in drill.Measured.Documents)
            {
                Line(
                    rows is { } count
                        ? string.Create(CultureInfo.InvariantCulture, $"- {model}: {count} found again")
                        : $"- {model}: not there"
                );
            }
        }

        void Timeline()
        {
            Line("");
            Line("## Timeline");
            Line("");
            Line("| at | took | counts | step | |");
            Line("|---|---|---|---|---|");
            foreach (var step in drill.Steps)
            {
                Line(
                    $"| {DrillText.Moment(step.At)} | {DrillText.Duration(step.Took)} | {(step.IsRecovery ? "yes" : "no")} | {step.What} | {step.Note} |"
                );
            }
        }

        void Checks()
        {
            Line("");
            Line("## Checks");
            Line("");
            foreach (var check in drill.Measured.Checks)
            {
                Line(
                    $"- {(check.Holds switch { true => "holds", false => "DOES NOT HOLD", null => "not known" })}: {check.What} ({check.Detail})"
                );
            }
        }

        void Line(string line) => text.Append(line).Append('\n');
    }

    public static string Word(GateVerdict verdict) =>
        verdict switch
        {
            GateVerdict.Pass => "pass",
            GateVerdict.Fail => "fail",
            GateVerdict.Inconclusive => "inconclusive",
            GateVerdict.Error => "error",
        };
}
