using Tidegate.ControlPlane.Drills;

namespace Tidegate.ControlPlane.Protection;

/// <summary>Whether the log of a site is archived without a gap, up to now.</summary>
internal static class ArchivePart
{
    /// <summary>A site's server looks once a minute: what it saw before this is not now.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    public static void Ask(ProtectedSite site, DateTimeOffset now, ProtectionFindings findings)
    {
        var status = $"tidegate backup status --site {site.Site}";
        switch (site.Backups.Archive)
        {
            case null:
                findings.Unknown(
                    "archive-unknown",
                    tenant: null,
                    $"nobody has looked yet at the archive of site {site.Site}.",
                    $"start the server of site {site.Site}; {status}"
                );
                break;
            case { Gap: { } gap }:
                findings.Wrong(
                    "archive-gap",
                    tenant: null,
                    $"the archive of site {site.Site} lacks {gap}: nothing behind it can be recovered from the backups before it.",
                    $"tidegate backup run --site {site.Site}"
                );
                break;
            case { Problem: { } problem }:
                findings.Wrong(
                    "archive-failing",
                    tenant: null,
                    $"the log of site {site.Site} is not archived: {problem}.",
                    status
                );
                break;
            case { SeenAt: var seen } when now - seen > Fresh:
                findings.Unknown(
                    "archive-unseen",
                    tenant: null,
                    $"the archive of site {site.Site} was looked at last at {DrillText.Moment(seen)}; how it stands now is not known.",
                    $"start the server of site {site.Site}; {status}"
                );
                break;
            case { CompleteTo: null }:
                findings.Unknown(
                    "archive-empty",
                    tenant: null,
                    $"nothing of the log of site {site.Site} is known to be archived, from a backup on.",
                    $"tidegate backup run --site {site.Site}"
                );
                break;
        }
    }
}
