using Tidegate.ControlPlane.DesiredState.Schema;

namespace Tidegate.ControlPlane.DesiredState.Reading;

/// <summary>A schedule that a site's file asks for can be kept.</summary>
internal static class SiteChecks
{
    public static void Check(FleetObjects fleet, FirstProblems problems)
    {
        foreach (var (document, site) in fleet.Read<DesiredSite>(Folders.Sites))
        {
            if (site.Backups is { DifferentialEvery: { } often } backups && often >= backups.FullEvery)
            {
                problems.Add(
                    document,
                    document.PlaceOf("backups"),
                    "differentialEvery is not shorter than fullEvery: there would never be a differential backup.",
                    "Make it shorter, or leave it out."
                );
            }
        }
    }
}
