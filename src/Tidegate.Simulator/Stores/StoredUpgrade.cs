using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Simulator.Stores;

/// <summary>An upgrade's row.</summary>
internal sealed class StoredUpgrade(Upgrade upgrade, int wave, SiteName site, TimeSpan need)
{
    public Upgrade Upgrade { get; set; } = upgrade;

    public int Wave => wave;

    public SiteName Site => site;

    /// <summary>From its start until it is open again, with its way back.</summary>
    public TimeSpan Need => need;

    public long Epoch { get; set; }

    public string? Owner { get; set; }

    public DateTimeOffset LeaseUntil { get; set; }

    public DateTimeOffset? StepStartedAt { get; set; }

    /// <summary>The intent to open is stored.</summary>
    public bool HasBegunToOpen { get; set; }
}
