using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Drills;

/// <summary>Why an objective is not proven, in the words of a blocker.</summary>
public static class DrillReasons
{
    /// <param name="fact">One that is not kept.</param>
    public static GateReason Of(DrillFact fact, DateTimeOffset now)
    {
        var scenario = fact.Scenario.Word();
        var command =
            $"tidegate drill run {scenario} {(fact.Next is { } tenant ? $"--tenant {tenant}" : $"--site {fact.Site}")}";
        return fact switch
        {
            { Last: null } => new(
                $"{scenario}-never",
                $"{scenario} was never drilled at site {fact.Site}, and {fact.Objective} wants it every {DrillText.Duration(fact.Every)}.",
                Clearing.SiteOperator,
                command
            ),
            { Verdict: GateVerdict.Fail } => new(
                $"{scenario}-failed",
                $"the last drill of {scenario} at site {fact.Site}, {fact.Last}, did not keep {fact.Objective}.",
                Clearing.SiteOperator,
                $"see tidegate drill report {fact.Last}, mend it, then {command}"
            ),
            _ when fact.IsOverdue(now) => new(
                $"{scenario}-overdue",
                $"{scenario} was drilled last at {DrillText.Moment(fact.LastAt!.Value)} at site {fact.Site}, and {fact.Objective} wants it every {DrillText.Duration(fact.Every)}.",
                Clearing.SiteOperator,
                command
            ),
            _ => new(
                $"{scenario}-inconclusive",
                $"the last drill of {scenario} at site {fact.Site}, {fact.Last}, could not tell whether {fact.Objective} is kept.",
                Clearing.SiteOperator,
                $"see tidegate drill report {fact.Last}"
            ),
        };
    }
}
