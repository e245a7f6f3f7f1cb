using System.Globalization;
using Tidegate.Contracts.Backups;

namespace Tidegate.Cli.Backups;

/// <summary>Backups for people.</summary>
internal static class BackupText
{
    public static string Moment(DateTimeOffset? at) =>
        at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";

    public static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB");

    /// <summary><c>good</c>, <c>damaged</c>, or how far it was proven.</summary>
    public static string Proof(BackupView backup) =>
        backup.Finding is not null ? "damaged"
        : backup.IsGood ? "good"
        : backup.VerifiedAt is null ? "not verified"
        : string.Create(CultureInfo.InvariantCulture, $"rung {backup.Level} of 6");
}
