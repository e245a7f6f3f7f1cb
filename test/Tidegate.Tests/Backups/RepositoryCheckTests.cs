using Tidegate.ControlPlane.Backups;
using Tidegate.Drivers.Backups;

namespace Tidegate.Tests.Backups;

/// <summary>What pgBackRest 2.45 really printed, and what is read in it.</summary>
public sealed class RepositoryCheckTests
{
    private static readonly ClusterBackup Backup = new(
        "20261126-110816F_20261126-120000I",
        BackupType.Incremental,
        DateTimeOffset.UnixEpoch,
        DateTimeOffset.UnixEpoch,
        WalPosition.Parse("0/4000028"),
        WalPosition.Parse("0/4000100"),
        WalSegment.Parse("000000010000000000000004"),
        WalSegment.Parse("000000010000000000000004"),
        1,
        1,
        "20261126-110816F",
        ["20261126-110816F"],
        HasPageErrors: false,
        null
    );

    [Fact]
    public void Every_bad_file_that_the_backup_needs_is_named()
    {
        var findings = RepositoryCheck.Read(
            """
            2026-11-26 12:07:11.892 P01   INFO: invalid checksum '15-1/0000000100000000/000000010000000000000005-8b0e6b22837c3cb419dde98eafcc3d2b09aeff5f.zst'
            2026-11-26 12:07:11.892 P01   INFO: invalid checksum '15-1/0000000100000000/000000010000000000000003-8b0e6b22837c3cb419dde98eafcc3d2b09aeff5f.zst'
            2026-11-26 12:07:12.093 P01   INFO: invalid checksum '20261126-110816F/pg_data/base/16384/16385.zst'
            2026-11-26 12:07:12.103 P02   INFO: file missing '20261120-110816F/pg_data/base/16390/16391.zst'
            stanza: site
            status: error
              archiveId: 15-1, total WAL checked: 13, total valid WAL: 12
                checksum invalid: 1
              backup: 20261126-110816F, status: invalid, total files checked: 1867, total valid files: 1864
                missing: 1, checksum invalid: 2
              backup: 20261126-110816F_20261126-120000I, status: valid, total files checked: 1867, total valid files: 1867
            """,
            Backup
        );

        Assert.Equal(
            [
                "invalid checksum 15-1/0000000100000000/000000010000000000000005-8b0e6b22837c3cb419dde98eafcc3d2b09aeff5f.zst",
                "invalid checksum 20261126-110816F/pg_data/base/16384/16385.zst",
                "backup 20261126-110816F is invalid",
            ],
            findings
        );
    }

    [Fact]
    public void Silence_is_no_proof() =>
        Assert.Contains(
            "says nothing of backup",
            Assert.Single(RepositoryCheck.Read("", Backup)),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_history_tells_where_timelines_forked() =>
        Assert.Equal(
            [new TimelineFork(1, WalPosition.Parse("0/5000000")), new TimelineFork(2, WalPosition.Parse("1/7"))],
            ArchiveFiles.Read(["1\t0/5000000\tno recovery target specified", "", "2\t1/7\tbefore 2026"])
        );
}
