using CsCheck;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.TenantBackups;

namespace Tidegate.Tests.TenantBackups;

public sealed class RetentionPlannerTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<TenantBackup> AnyBackup = Gen.Select(
            Gen.Int[0, 40_000],
            Gen.Int[0, 9],
            Gen.Bool,
            Gen.Int[-60, 60]
        )
        .Select(
            (hours, kind, isGood, days) =>
                Backup(
                    hours,
                    kind switch
                    {
                        0 => BackupClass.Evidence,
                        1 => BackupClass.Manual,
                        _ => BackupClass.Scheduled,
                    },
                    isGood,
                    kind is 1 ? Now.AddDays(days) : null
                )
        );

    private static readonly Gen<TenantBackup[]> Backups = AnyBackup
        .Array[0, 80]
        .Select(backups => backups.DistinctBy(backup => backup.Id).ToArray());

    private static readonly Gen<RetentionRules> Rules = Gen.Select(
            Gen.Int[0, 72],
            Gen.Int[0, 20],
            Gen.Int[0, 10],
            Gen.Int[0, 14]
        )
        .Select(
            (hours, daily, weekly, monthly) => new RetentionRules(TimeSpan.FromHours(hours), daily, weekly, monthly)
        );

    [Fact]
    public void The_newest_and_the_newest_good_one_always_stay() =>
        Gen.Select(Backups, Rules)
            .Sample(
                (backups, rules) =>
                {
                    var kept = Kept(backups, rules);
                    var newest = backups.OrderByDescending(backup => backup.TakenAt).ToList();
                    return (newest.Count == 0 || kept.Any(backup => backup.TakenAt == newest[0].TakenAt))
                        && (
                            newest.Find(backup => backup.IsGood) is not { } good
                            || kept.Any(backup => backup.IsGood && backup.TakenAt == good.TakenAt)
                        );
                }
            );

    [Fact]
    public void Evidence_and_what_was_named_a_later_day_always_stay() =>
        Gen.Select(Backups, Rules)
            .Sample(
                (backups, rules) =>
                    !RetentionPlanner
                        .Plan(backups, rules, Now)
                        .Expired.Any(backup => backup.Kept is BackupClass.Evidence || backup.KeepUntil > Now)
            );

    [Fact]
    public void What_stays_stays_when_it_is_asked_again() =>
        Gen.Select(Backups, Rules)
            .Sample((backups, rules) => RetentionPlanner.Plan(Kept(backups, rules), rules, Now).Expired.IsEmpty);

    [Fact]
    public void Each_backup_is_kept_or_goes_whatever_their_order() =>
        Gen.Select(Backups, Rules)
            .Sample(
                (backups, rules) =>
                {
                    var plan = RetentionPlanner.Plan(backups, rules, Now);
                    var turned = RetentionPlanner.Plan([.. backups.Reverse()], rules, Now);
                    return plan.Kept.Length + plan.Expired.Length == backups.Length
                        && plan.Expired.SequenceEqual(turned.Expired)
                        && !plan.Kept.Select(kept => kept.Backup).Intersect(plan.Expired).Any();
                }
            );

    [Fact]
    public void A_year_of_daily_backups_leaves_one_of_each_day_week_and_month()
    {
        var backups = Enumerable.Range(0, 400).Select(day => Backup(day * 24)).ToList();

        var plan = RetentionPlanner.Plan(backups, RetentionRules.Default, Now);

        Assert.Equal(
            new Dictionary<string, int>
            {
                ["the newest"] = 1,
                ["one of its day"] = 13,
                ["one of its week"] = 5,
                ["one of its month"] = 11,
            },
            plan.Kept.CountBy(kept => kept.Reason).ToDictionary()
        );
    }

    [Fact]
    public void Of_a_day_the_good_one_stays_though_a_bad_one_is_newer()
    {
        var (newest, bad, good) = (Backup(1), Backup(50, isGood: false), Backup(51));

        var plan = RetentionPlanner.Plan([newest, bad, good], new(TimeSpan.Zero, 9, 0, 0), Now);

        Assert.Equal([bad], plan.Expired);
    }

    private static TenantBackup[] Kept(TenantBackup[] backups, RetentionRules rules) =>
        [.. RetentionPlanner.Plan(backups, rules, Now).Kept.Select(kept => kept.Backup)];

    private static TenantBackup Backup(
        int hoursAgo,
        BackupClass kept = BackupClass.Scheduled,
        bool isGood = true,
        DateTimeOffset? until = null
    ) =>
        new(
            new TenantBackupId($"tb-{hoursAgo}"),
            new("shop"),
            new("local"),
            new("j-1"),
            kept,
            until,
            Now.AddHours(-hoursAgo),
            "1",
            $"m/{hoursAgo}",
            "",
            false,
            0,
            0,
            0,
            0,
            0,
            isGood ? 0 : 1,
            null,
            null
        );
}
