using System.Globalization;
using Tidegate.Contracts.TenantBackups;

namespace Tidegate.Cli.TenantBackups;

/// <summary>Backups for people.</summary>
internal static class BackupText
{
    public static string Size(long bytes) =>
        bytes < 1_000_000
            ? string.Create(CultureInfo.InvariantCulture, $"{(bytes + 999) / 1000} kB")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");

    /// <summary>What is known of it. Not verified is not good.</summary>
    public static string State(TenantBackupView backup) =>
        (backup.Faults, backup.Verified) switch
        {
            (_, { IsGood: false }) => "bad",
            (> 0, _) => "incomplete",
            (_, null) => "not verified",
            _ => "good",
        };
}
