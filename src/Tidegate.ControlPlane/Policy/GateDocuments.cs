using Tidegate.Contracts.Releases;

namespace Tidegate.ControlPlane.Policy;

/// <summary>Answers of gates as the API shows them.</summary>
internal static class GateDocuments
{
    public static GateView View(this GateAnswer answer) =>
        new(
            answer.Gate,
            Word(answer.Verdict),
            [
                .. answer.Reasons.Select(reason => new GateReasonView(
                    reason.Code,
                    reason.What,
                    reason.Clears,
                    reason.Next
                )),
            ]
        );

    /// <summary>A verdict's stable word.</summary>
    public static string Word(GateVerdict verdict) =>
        verdict switch
        {
            GateVerdict.Pass => "pass",
            GateVerdict.Fail => "fail",
            GateVerdict.Inconclusive => "inconclusive",
            GateVerdict.Error => "error",
        };
}
