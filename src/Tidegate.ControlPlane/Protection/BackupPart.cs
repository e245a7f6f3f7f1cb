using Tidegate.ControlPlane.Drills;

namespace Tidegate.ControlPlane.Protection;

/// <summary>Whether each tenant has a backup that is young enough: its site's, or one of its own.</summary>
internal static class BackupPart
{
    public static void Ask(ProtectedSite site, TimeSpan most, DateTimeOffset now, ProtectionFindings findings)
    {
        var held = (site.Backups.Newest?.Databases ?? [])
            .Select(database => DatabaseFamily.Of(database.Name))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var tenant in site.Tenants)
        {
            // A database that is younger than the backup comes back out of the log.
            var cluster = site.Backups.IsContinuous || held.Contains(tenant.Database) ? site.Backups.Newest : null;
            var next = $"tidegate backup run --site {site.Site}, or tidegate tenant backup {tenant.Name}";
            switch (new[] { cluster?.Backup.StoppedAt, tenant.BackedUpAt }.Max())
            {
                case null:
                    findings.Unknown(
                        "backup-missing",
                        tenant.Name,
                        $"no usable backup is known that holds {tenant.Name}.",
                        next
                    );
                    break;
                case { } newest when now - newest > most:
                    findings.Wrong(
                        "backup-old",
                        tenant.Name,
                        $"the newest usable backup of {tenant.Name} is of {DrillText.Moment(newest)}, older than the {DrillText.Duration(most)} that the policy allows.",
                        next
                    );
                    break;
            }
        }
    }
}
