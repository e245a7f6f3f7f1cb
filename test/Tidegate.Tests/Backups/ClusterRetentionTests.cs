using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Tests.Backups;

/// <summary>Which full backups of a cluster go.</summary>
public sealed class ClusterRetentionTests
{
    private static readonly DateTimeOffset First = new(2026, 11, 1, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_newest_few_stay_and_what_builds_on_one_is_not_counted() =>
        Assert.Equal(["1F", "2F"], ClusterRetention.Expired([Full(1), Full(2), Full(3), On(3, 4), Full(5)], kept: 2));

    [Fact]
    public void Fewer_than_are_kept_lose_none() => Assert.Empty(ClusterRetention.Expired([Full(1), Full(2)], kept: 2));

    [Fact]
    public void The_newest_good_one_stays_however_old_it_is() =>
        Assert.Equal(
            ["1F", "3F"],
            ClusterRetention.Expired([Good(Full(1)), Good(Full(2)), Full(3), Full(4), Full(5)], kept: 2)
        );

    [Fact]
    public void What_the_newest_good_one_builds_on_stays_with_it() =>
        Assert.Equal(["2F"], ClusterRetention.Expired([Full(1), Good(On(1, 2)), Full(2), Full(3)], kept: 1));

    [Fact]
    public void A_damaged_one_counts_for_none_and_goes_once_there_is_a_newer_one()
    {
        Assert.Empty(ClusterRetention.Expired([Full(1), Full(2), Bad(Full(3))], kept: 2));
        Assert.Equal(["1F", "3F"], ClusterRetention.Expired([Full(1), Full(2), Bad(Full(3)), Full(4)], kept: 2));
    }

    [Fact]
    public void Where_all_are_damaged_the_newest_stays() =>
        Assert.Equal(["1F"], ClusterRetention.Expired([Bad(Full(1)), Bad(Full(2))], kept: 3));

    private static StoredBackup Full(int day) => Backup($"{day}F", BackupType.Full, day, []);

    private static StoredBackup On(int full, int day) =>
        Backup($"{full}F_{day}D", BackupType.Differential, day, [$"{full}F"]);

    private static StoredBackup Good(StoredBackup backup) => backup with { Level = Rungs.Checked };

    private static StoredBackup Bad(StoredBackup backup) => backup with { Finding = "a file is damaged" };

    private static StoredBackup Backup(string label, BackupType type, int day, string[] needs) =>
        new(
            new SiteName("local"),
            new(
                label,
                type,
                First.AddDays(day),
                First.AddDays(day).AddMinutes(1),
                new WalPosition(0),
                new WalPosition(1),
                WalSegment.Parse("000000010000000000000001"),
                WalSegment.Parse("000000010000000000000001"),
                1,
                1,
                needs.FirstOrDefault(),
                [.. needs],
                HasPageErrors: false,
                Job: null
            ),
            [],
            Level: 0,
            VerifiedAt: null,
            Finding: null,
            Evidence: null
        );
}
