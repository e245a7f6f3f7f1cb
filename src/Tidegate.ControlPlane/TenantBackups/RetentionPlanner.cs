using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Backups;

namespace Tidegate.ControlPlane.TenantBackups;

/// <summary>Which of a tenant's backups stay, each with the reason, and which go.</summary>
public sealed record RetentionPlan(
    ImmutableArray<(TenantBackup Backup, string Reason)> Kept,
    ImmutableArray<TenantBackup> Expired
);

/// <summary>
/// Decides which backups of a tenant are no longer needed. The newest and the newest good one always stay; what stays
/// stays also when it is asked again.
/// </summary>
public static class RetentionPlanner
{
    /// <param name="backups">Of one tenant, in any order.</param>
    public static RetentionPlan Plan(
        IReadOnlyCollection<TenantBackup> backups,
        RetentionRules rules,
        DateTimeOffset now
    )
    {
        var reasons = new Dictionary<TenantBackupId, string>();
        // The newest first; of two of one instant the ids say.
        var ordered = backups
            .OrderByDescending(backup => backup.TakenAt)
            .ThenByDescending(backup => backup.Id.Value, StringComparer.Ordinal)
            .ToList();
        Keep(ordered.Take(1), "the newest");
        Keep(ordered.Where(backup => backup.IsGood).Take(1), "the newest good one");
        Keep(ordered.Where(backup => backup.Kept is BackupClass.Evidence), "evidence");
        Keep(ordered.Where(backup => backup.KeepUntil > now), "kept until a day that was named");
        var scheduled = ordered.Where(backup => backup.Kept is BackupClass.Scheduled).ToList();
        Keep(scheduled.Where(backup => now - backup.TakenAt < rules.Recent), "recent");
        Keep(OneOfEach(scheduled, rules.Daily, Day), "one of its day");
        Keep(OneOfEach(scheduled, rules.Weekly, Week), "one of its week");
        Keep(OneOfEach(scheduled, rules.Monthly, Month), "one of its month");
        return new(
            [.. ordered.Where(backup => reasons.ContainsKey(backup.Id)).Select(backup => (backup, reasons[backup.Id]))],
            [.. ordered.Where(backup => !reasons.ContainsKey(backup.Id))]
        );

        void Keep(IEnumerable<TenantBackup> kept, string reason)
        {
            foreach (var backup in kept)
            {
                reasons.TryAdd(backup.Id, reason);
            }
        }
    }

    /// <summary>Of the newest <paramref name="most"/> days, weeks or months that have any: the newest good one, else the newest.</summary>
    private static IEnumerable<TenantBackup> OneOfEach(
        List<TenantBackup> ordered,
        int most,
        Func<DateTimeOffset, int> span
    ) =>
        ordered
            .GroupBy(backup => span(backup.TakenAt.ToUniversalTime()))
            .OrderByDescending(group => group.Key)
            .Take(most)
            .Select(group => group.FirstOrDefault(backup => backup.IsGood) ?? group.First());

    private static int Day(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime).DayNumber;

    private static int Week(DateTimeOffset at) =>
        (ISOWeek.GetYear(at.UtcDateTime) * 100) + ISOWeek.GetWeekOfYear(at.UtcDateTime);

    private static int Month(DateTimeOffset at) => (at.Year * 100) + at.Month;
}
