using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Protection;

/// <summary>Whether the drills that objectives with <c>proof: required</c> want were played in time and came out well.</summary>
public static class DrilledGate
{
    public const string Name = "drilled";

    /// <param name="facts">Of the objectives that cover a tenant of the environment, where that tenant is.</param>
    public static GateAnswer Ask(DrillFacts facts, DateTimeOffset now) =>
        facts.All.IsEmpty
            ? GateAnswer.Inconclusive(
                Name,
                new GateReason(
                    "drills-unwanted",
                    "no objective that covers a tenant here says which losses are drilled, so nothing is proven.",
                    Clearing.Author,
                    "say it in objectives/*.yaml (drills); tidegate objectives list shows those there are"
                )
            )
            : facts.Ask(Name, now);
}
