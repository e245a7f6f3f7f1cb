using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Blockers;

namespace Tidegate.ControlPlane.Backups;

/// <summary>What stands against a site's protection, for people. Pure.</summary>
public static class BackupBlockers
{
    private const string Clears = "whoever looks after the site";

    /// <param name="schedule">Null where none was asked for: then nothing is overdue.</param>
    public static ImmutableArray<Blocker> Of(BackupFacts facts, BackupSchedule? schedule, DateTimeOffset now) =>
        [.. Archive(facts, schedule is not null, now).Concat(Age(facts, schedule, now))];

    private static IEnumerable<Blocker> Archive(BackupFacts facts, bool isWanted, DateTimeOffset now)
    {
        if (facts.Newest is null && !isWanted)
        {
            yield break; // nobody has asked for backups here
        }

        if (facts.Archive is { Problem: { } problem })
        {
            yield return new(
                Subject(facts),
                "archive-failing",
                $"The log of site {facts.Site} is not archived: {problem}.",
                now,
                Until: null,
                Clears,
                $"tidegate backup status --site {facts.Site}; until then the log stays on the site's disk"
            );
        }

        if (facts.Archive is { Gap: { } gap })
        {
            yield return new(
                Subject(facts),
                "archive-gap",
                $"The archive of site {facts.Site} lacks {gap}: nothing behind it can be recovered from the backups before it.",
                now,
                Until: null,
                Clears,
                $"tidegate backup run --site {facts.Site}"
            );
        }
    }

    private static IEnumerable<Blocker> Age(BackupFacts facts, BackupSchedule? schedule, DateTimeOffset now)
    {
        if (schedule is not null && facts.Age(now) is var age && (age is null || age > schedule.Overdue))
        {
            yield return new(
                Subject(facts),
                "backup-overdue",
                age is { } old
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"The newest usable backup of site {facts.Site} is {old.TotalHours:0.0} h old."
                    )
                    : $"Site {facts.Site} has no usable backup.",
                now,
                Until: null,
                Clears,
                $"tidegate job list --kind backup says why; tidegate backup run --site {facts.Site}"
            );
        }
    }

    private static string Subject(BackupFacts facts) => $"site/{facts.Site}";
}
