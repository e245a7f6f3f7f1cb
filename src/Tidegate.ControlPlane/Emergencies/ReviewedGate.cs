using System.Globalization;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Emergencies;

/// <summary>Whether every emergency of an environment was reviewed: until then no ordinary release goes there.</summary>
public static class ReviewedGate
{
    public const string Name = "reviewed";

    /// <param name="open">Those whose review nobody has closed.</param>
    /// <returns>Null where there is none: then the gate is not there.</returns>
    public static GateAnswer? Ask(IReadOnlyCollection<Emergency> open) =>
        open.Count == 0 ? null : GateAnswer.Fail(Name, [.. open.Select(Reason)]);

    public static GateReason Reason(Emergency emergency) =>
        new(
            "review-open",
            string.Create(
                CultureInfo.InvariantCulture,
                $"emergency {emergency.Id} of {emergency.At.ToUniversalTime():u} by {emergency.By} is not reviewed: {emergency.Reason}"
            ),
            $"anybody but {emergency.By} who may review",
            $"tidegate emergency close {emergency.Id} --reason TEXT"
        );
}
