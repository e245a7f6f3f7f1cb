using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Differences;

namespace Tidegate.ControlPlane.Rehearsals;

/// <summary>The ways back that were shown to work, and the strategies that the class allows.</summary>
/// <param name="ImageOnly">The old code worked on the new database.</param>
/// <param name="ImageOnlyReason">What the old code did there; one sentence.</param>
/// <param name="Restore">A backup of this tenant was restored.</param>
/// <param name="Strategies">Legal ones, the least disturbing first.</param>
public sealed record ProvenWayBack(
    bool ImageOnly,
    string ImageOnlyReason,
    bool Restore,
    ImmutableArray<string> Strategies
)
{
    /// <summary>What may be done with a release of this class.</summary>
    public static ImmutableArray<string> StrategiesOf(ReleaseClass kind) =>
        kind switch
        {
            ReleaseClass.A => ["two generations on one database", "held cutover of a copy"],
            ReleaseClass.B or ReleaseClass.C => ["held cutover of a copy", "maintenance cutover of a copy"],
            ReleaseClass.D => ["maintenance cutover of a copy", "held cutover of a copy, inside the bound"],
            ReleaseClass.E => ["a project of its own: rehearsed again and again, with a maintenance window"],
        };
}
