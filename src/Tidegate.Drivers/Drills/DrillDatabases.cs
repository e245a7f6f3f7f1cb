using Tidegate.ControlPlane.Jobs;

namespace Tidegate.Drivers.Drills;

/// <summary>What a drill calls its databases on a side cluster.</summary>
internal sealed record DrillDatabases(string Recovered, JobId Job)
{
    /// <summary>Stands for the tenant's live one: damaged, then swapped for <see cref="Back"/>.</summary>
    public string Live => $"drill_live__{Job.Short}";

    public string Back => $"drill_back__{Job.Short}";

    /// <summary>The damaged one after the swap.</summary>
    public string Damaged => $"drill_damaged__{Job.Short}";
}
