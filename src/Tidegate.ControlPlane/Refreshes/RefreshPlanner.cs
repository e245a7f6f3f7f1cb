using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Refreshes;

/// <summary>Makes the plan of a refresh: one tenant, the cutover's own steps, nothing migrated, and nothing kept of what is replaced. Pure.</summary>
public static class RefreshPlanner
{
    /// <param name="member">Whose database is replaced.</param>
    /// <param name="source">What takes its place.</param>
    /// <param name="release">The release that it belongs to.</param>
    public static RolloutPlan Plan(FleetMember member, RestoreSource source, ReleaseRef release) =>
        ReplacementPlan.Of(
            member,
            source,
            release,
            "refresh/1",
            [new Adopt(source) { IsCopy = true }, new Swap()],
            new Verify { IsRestored = true },
            new Retire { Source = source, DropsReplaced = true }
        );
}
