using System.Globalization;
using Tidegate.ControlPlane.Catalog.Validations;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion.Facts;

namespace Tidegate.ControlPlane.Promotion.Gates;

/// <summary>Whether the release's stored validation has no error-level finding. A release that was never judged does not pass.</summary>
public static class ValidationGate
{
    public const string Name = "validation";

    /// <summary>Whether somebody has to ask for a validation: there is none, and none is under way or has failed.</summary>
    public static bool IsMissing(PromotionFacts facts) =>
        facts is { Record: { Validation: null }, Validation: null, Policy.Gates.Validation: not GateDemand.Off };

    public static GateAnswer Ask(PromotionFacts facts)
    {
        var release = facts.Release.Name;
        return (facts.Record?.Validation, facts.Validation) switch
        {
            ({ Counts.Errors: 0 }, _) => GateAnswer.Pass(Name),
            ({ } ended, _) => GateAnswer.Fail(
                Name,
                new GateReason(
                    "validation-errors",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the validation of {release} found {ended.Counts.Errors} {(ended.Counts.Errors == 1 ? "error" : "errors")}."
                    ),
                    Clearing.Makers,
                    $"tidegate release show {release} tells them; mend the release and build it under a new name"
                )
            ),
            (null, { State: ValidationState.Failed } failed) => new(
                Name,
                GateVerdict.Error,
                [
                    new(
                        "validation-failed",
                        $"{release} could not be validated: {failed.Failure}",
                        Clearing.Operator,
                        $"mend that, then tidegate release validate {release}"
                    ),
                ]
            ),
            _ => GateAnswer.Inconclusive(
                Name,
                new GateReason(
                    "validation-missing",
                    $"{release} is not validated yet; that was asked for.",
                    Clearing.Nobody,
                    $"wait; tidegate release show {release} tells what comes of it"
                )
            ),
        };
    }
}
