using System.Globalization;
using Tidegate.ControlPlane.Drills;

namespace Tidegate.ControlPlane.Protection;

/// <summary>Whether a site's disk has room for the copies that are made at once, times the policy's factor.</summary>
internal static class DiskPart
{
    /// <summary>A site measures twice a minute: what it saw before this is not now.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    public static void Ask(
        ProtectedSite site,
        (double Factor, int AtOnce) policy,
        DateTimeOffset now,
        ProtectionFindings findings
    )
    {
        foreach (var tenant in site.Tenants.Where(tenant => tenant.Bytes is null))
        {
            findings.Unknown(
                "size-unknown",
                tenant.Name,
                $"how large the database of {tenant.Name} is, is not known.",
                $"tidegate rollout plan has it looked at; the log of site {site.Site} says what is in the way"
            );
        }

        var measure = $"start the server of site {site.Site}; tidegate checkpoint measurements";
        if (site.Measured is not { Measurements.FreeBytes: { } free, MeasuredAt: var at })
        {
            findings.Unknown(
                "disk-unknown",
                tenant: null,
                $"how much disk site {site.Site} has free is not known.",
                measure
            );
        }
        else if (now - at > Fresh)
        {
            findings.Unknown(
                "disk-unseen",
                tenant: null,
                $"the disk of site {site.Site} was looked at last at {DrillText.Moment(at)}.",
                measure
            );
        }
        else if (policy.Factor * AtOnce(site, policy.AtOnce) is var needed && needed > free)
        {
            findings.Wrong(
                "disk-short",
                tenant: null,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"site {site.Site} has {free >> 20} MB free, and {policy.Factor} times the {Math.Min(policy.AtOnce, site.Tenants.Length)} largest databases that are copied at once is {needed / (1 << 20):0} MB."
                ),
                "tidegate copies list shows what can go; or free disk there"
            );
        }
    }

    private static long AtOnce(ProtectedSite site, int most) =>
        site.Tenants.Select(tenant => tenant.Bytes ?? 0).OrderDescending().Take(most).Sum();
}
