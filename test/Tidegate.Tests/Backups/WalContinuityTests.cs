using System.Collections.Immutable;
using CsCheck;
using Tidegate.ControlPlane.Backups;

namespace Tidegate.Tests.Backups;

public sealed class WalContinuityTests
{
    [Fact]
    public void Whatever_is_missing_is_found_and_nothing_else() =>
        Gen.Select(Gen.ULong[0, 1000], Gen.ULong[0, 3], Gen.ULong[0, 60], Gen.Int[0, 60].HashSet[0, 12])
            .Sample(
                (first, own, more, holes) =>
                {
                    var backup = Backup(first, first + own);
                    var last = new WalSegment(1, first + own + more);
                    var needed = WalContinuity.Needed(backup, [], last).ToList();
                    Assert.Equal((int)(own + more) + 1, needed.Count);
                    var missing = holes.Where(hole => hole < needed.Count).Select(hole => needed[hole]).ToHashSet();

                    var run = WalContinuity.From(backup, needed.Except(missing).ToHashSet(), [], last);

                    Assert.Equal(
                        missing.Order(),
                        run.Gaps.SelectMany(gap => needed.Where(each => gap.First <= each && each <= gap.Last))
                    );
                    Assert.All(
                        run.Gaps.Skip(1).Zip(run.Gaps),
                        pair => Assert.True(pair.Second.Last.Next < pair.First.First)
                    );
                    Assert.Equal(
                        needed
                            .TakeWhile(each => !missing.Contains(each))
                            .Select(each => (WalSegment?)each)
                            .LastOrDefault(),
                        run.CompleteTo
                    );
                }
            );

    [Fact]
    public void What_is_there_beside_changes_nothing() =>
        Assert.Empty(
            WalContinuity
                .From(
                    Backup(5, 6),
                    Enumerable.Range(0, 20).SelectMany(number => Two((ulong)number)).ToHashSet(),
                    [],
                    new(1, 9)
                )
                .Gaps
        );

    [Fact]
    public void The_backups_own_segments_are_needed_also_when_the_log_is_said_to_end_before() =>
        Assert.Equal([new WalSegment(1, 5), new WalSegment(1, 6)], WalContinuity.Needed(Backup(5, 6), [], new(1, 4)));

    [Fact]
    public void Behind_a_fork_the_childs_files_count_from_the_segment_of_the_fork_on()
    {
        ImmutableArray<TimelineFork> forks =
        [
            new(1, new WalPosition((8 * WalSegment.Bytes) + 100)),
            new(2, new WalPosition((10 * WalSegment.Bytes) + 7)),
        ];

        Assert.Equal(
            [
                new WalSegment(1, 6),
                new WalSegment(1, 7),
                new WalSegment(2, 8),
                new WalSegment(2, 9),
                new WalSegment(3, 10),
                new WalSegment(3, 11),
            ],
            WalContinuity.Needed(Backup(6, 7), forks, new(3, 11))
        );
        Assert.Equal(
            [new WalSegment(3, 10), new WalSegment(3, 11)],
            WalContinuity.Needed(Backup(10, 10, timeline: 3), forks, new(3, 11))
        );
    }

    [Fact]
    public void A_backup_is_due_when_none_is_young_enough()
    {
        var now = new DateTimeOffset(2026, 11, 26, 3, 0, 0, TimeSpan.Zero);
        var weekly = new BackupSchedule(TimeSpan.FromDays(7), TimeSpan.FromDays(1));
        ClusterBackup Made(BackupType type, double daysAgo) =>
            Backup(1, 1) with
            {
                Type = type,
                StoppedAt = now.AddDays(-daysAgo),
            };

        Assert.Equal(BackupType.Full, weekly.Due([], now));
        Assert.Null(weekly.Due([Made(BackupType.Full, 0.9)], now));
        Assert.Equal(BackupType.Differential, weekly.Due([Made(BackupType.Full, 1)], now));
        Assert.Null(weekly.Due([Made(BackupType.Full, 6), Made(BackupType.Incremental, 0.5)], now));
        Assert.Equal(BackupType.Full, weekly.Due([Made(BackupType.Full, 7), Made(BackupType.Differential, 0.1)], now));
        Assert.Null(new BackupSchedule(TimeSpan.FromDays(7), null).Due([Made(BackupType.Full, 6.9)], now));
        Assert.Equal(TimeSpan.FromDays(1.5), weekly.Overdue);
    }

    private static IEnumerable<WalSegment> Two(ulong number) => [new(1, number), new(7, number)];

    private static ClusterBackup Backup(ulong start, ulong stop, uint timeline = 1) =>
        new(
            "20261126-110816F",
            BackupType.Full,
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch,
            new WalSegment(timeline, start).Start,
            new WalSegment(timeline, stop).Start,
            new(timeline, start),
            new(timeline, stop),
            1,
            1,
            null,
            [],
            HasPageErrors: false,
            null
        );
}
