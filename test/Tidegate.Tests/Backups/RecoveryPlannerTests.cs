using System.Collections.Immutable;
using Tidegate.ControlPlane.Backups;

namespace Tidegate.Tests.Backups;

public sealed class RecoveryPlannerTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);
    private static readonly ImmutableArray<ClusterBackup> Backups =
    [
        Backup("first", Monday, 0x10_000000),
        Backup("second", Monday.AddDays(1), 0x20_000000),
        Backup("third", Monday.AddDays(2), 0x30_000000),
    ];

    private static readonly ArchiveEnd End = new(1, new(0x40_000000), Monday.AddDays(3));

    [Fact]
    public void The_newest_backup_before_the_target_is_taken()
    {
        Assert.Equal("third", Chosen(new RecoveryTarget.Latest()));
        Assert.Equal("third", Chosen(new RecoveryTarget.EndOfBackup()));
        Assert.Equal("second", Chosen(new RecoveryTarget.Time(Monday.AddDays(1.5))));
        Assert.Equal("first", Chosen(new RecoveryTarget.Lsn("0/1FFFFFFF")));
        Assert.Equal("second", Chosen(new RecoveryTarget.Lsn("0/20000000")));
        Assert.Equal("first", Chosen(new RecoveryTarget.RestorePoint("r"), recorded: new(0x11_000000)));
        Assert.Equal("first", Chosen(new RecoveryTarget.Latest(), "first"));
    }

    [Fact]
    public void A_backup_that_ended_within_the_very_second_is_not_trusted_to_lie_before_it() =>
        Assert.Equal("first", Chosen(new RecoveryTarget.Time(Monday.AddDays(1).AddMilliseconds(999))));

    [Theory]
    [InlineData("0/40000000", true)]
    [InlineData("0/40000001", false)]
    [InlineData("0/0FFFFFFF", false)]
    public void A_place_beyond_the_archive_or_before_all_backups_is_refused(string lsn, bool reachable) =>
        Assert.Equal(reachable, Plan(new RecoveryTarget.Lsn(lsn)).Plan is not null);

    [Fact]
    public void A_moment_counts_only_when_something_committed_later_is_archived()
    {
        Assert.NotNull(Plan(new RecoveryTarget.Time(End.CommittedAt!.Value.AddTicks(-1))).Plan);
        Assert.Contains(
            "committed after",
            Plan(new RecoveryTarget.Time(End.CommittedAt!.Value)).Refusal,
            StringComparison.Ordinal
        );
        Assert.NotNull(
            RecoveryPlanner
                .Plan(new RecoveryTarget.Time(Monday), null, Backups, End with { CommittedAt = null }, null)
                .Refusal
        );
    }

    [Fact]
    public void A_refusal_names_what_was_asked_for_and_what_there_is()
    {
        Assert.Contains(
            "restore point r ",
            Plan(new RecoveryTarget.RestorePoint("r"), recorded: new(0x50_000000)).Refusal,
            StringComparison.Ordinal
        );
        Assert.Contains("fourth", Plan(new RecoveryTarget.Latest(), "fourth").Refusal, StringComparison.Ordinal);
        Assert.Contains(
            "oldest backup, first",
            Plan(new RecoveryTarget.Time(Monday.AddDays(-1))).Refusal,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "tidegate backup run",
            RecoveryPlanner.Plan(new RecoveryTarget.Latest(), null, [], End, null).Refusal,
            StringComparison.Ordinal
        );
    }

    private static RecoveryPlanning Plan(RecoveryTarget target, string? label = null, WalPosition? recorded = null) =>
        RecoveryPlanner.Plan(target, label, Backups, End, recorded);

    private static string? Chosen(RecoveryTarget target, string? label = null, WalPosition? recorded = null) =>
        Plan(target, label, recorded).Plan?.Backup.Label;

    private static ClusterBackup Backup(string label, DateTimeOffset stopped, ulong stop) =>
        new(
            label,
            BackupType.Full,
            stopped.AddMinutes(-1),
            stopped,
            new(stop - 0x100),
            new(stop),
            new WalPosition(stop - 0x100).SegmentOn(1),
            new WalPosition(stop).LastSegmentOn(1),
            1,
            1,
            null,
            [],
            HasPageErrors: false,
            null
        );
}
