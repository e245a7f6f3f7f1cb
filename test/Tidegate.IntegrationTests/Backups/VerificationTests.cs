using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Jobs;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Backups;

/// <summary>Backups made and proven by jobs; and damage that is planted in the repository is found, named, and never called good.</summary>
public sealed class VerificationTests(BackedUpSite site) : IClassFixture<BackedUpSite>
{
    private string Repository => site.Home.Layout.BackupRepository;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_backup_is_good_only_once_a_server_started_from_it_and_any_damage_is_named()
    {
        await site.ExecuteAsync("postgres", "create database oslo");
        await site.ExecuteAsync(
            "oslo",
            "alter default privileges grant select on tables to public", // the site's own role reads tenants' tables
            "create table sale as select g as id, md5(g::text) as code from generate_series(1, 200000) g",
            "create index on sale (code)"
        );
        Assert.Equal(JobOutcome.Done, (await site.DoAsync(BackupKinds.Backup, new BackupJob(BackupType.Full))).Outcome);
        var made = (await site.Store.ListAsync(site.Name, 1, Token)).Single(); // others of this class may have made theirs
        var label = made.Backup.Label;
        Assert.Contains(made.Databases, database => database.Name is "oslo");
        Assert.False(made.IsGood);
        Assert.Null((await site.Store.FactsAsync(site.Name, Token)).NewestProven);

        await GoodAsync(label);

        await DamagedAsync(label, Rungs.Exists, Flip(Bundle(label)), "invalid checksum");
        await DamagedAsync(
            label,
            Rungs.Exists,
            Truncate(Largest(label)),
            Path.GetFileNameWithoutExtension(Largest(label))
        );
        await DamagedAsync(
            label,
            Rungs.Checksums,
            file => File.Delete(file),
            made.Backup.StopSegment.ToString(),
            site.ArchivedFile(made.Backup.StopSegment)
        );

        await GoodAsync(label);
        var facts = await site.Store.FactsAsync(site.Name, Token);
        Assert.Equal(label, facts.NewestProven?.Backup.Label);
    }

    [Fact]
    public async Task The_archive_is_watched_and_what_is_wrong_with_it_is_said()
    {
        await site.DoAsync(BackupKinds.Backup, new BackupJob(BackupType.Full));
        await site.Archive.RunAsync(Token);
        await site.Archive.RunAsync(Token);
        var well = await site.Watch.LookAsync(site.Name, Token);
        Assert.Null(well.Gap);
        Assert.Null(well.Problem);
        Assert.Equal(well.LastArchived, well.CompleteTo);
        Assert.True((await site.Store.FactsAsync(site.Name, Token)).IsContinuous);

        var lost = site.ArchivedFile(WalSegment.Parse(well.LastArchived!));
        var kept = await File.ReadAllBytesAsync(lost, Token);
        File.Delete(lost);
        Assert.Equal(well.LastArchived, (await site.Watch.LookAsync(site.Name, Token)).Gap);
        await File.WriteAllBytesAsync(lost, kept, Token);

        await site.ExecuteAsync("postgres", "alter system set archive_command = 'false'", "select pg_reload_conf()");
        await site.ExecuteAsync("postgres", "create table noise (id int)", "select pg_switch_wal()");
        string? problem = null;
        await Eventually.IsTrueAsync(
            async () => (problem = (await site.Watch.LookAsync(site.Name, Token)).Problem) is not null,
            () => "nothing is said of an archive that takes nothing"
        );
        Assert.Contains("cannot archive", problem, StringComparison.Ordinal);
        Assert.False((await site.Store.FactsAsync(site.Name, Token)).IsContinuous);
        await site.ExecuteAsync("postgres", "alter system reset archive_command", "select pg_reload_conf()");
        await site.Archive.RunAsync(Token);
        Assert.Null((await site.Watch.LookAsync(site.Name, Token)).Problem);
    }

    [Fact]
    public async Task The_passphrase_is_nobodys_to_see()
    {
        var passphrase = (await File.ReadAllTextAsync(site.Home.Layout.BackupPassphrase, Token)).Trim();

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(site.Home.Layout.BackupPassphrase)
        );
        Assert.Equal(
            UnixFileMode.None,
            File.GetUnixFileMode(site.Home.Layout.BackupConfiguration)
                & (UnixFileMode.OtherRead | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)
        );
        Assert.DoesNotContain(
            passphrase,
            await site.ScalarAsync("postgres", "show archive_command"),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            Directory.EnumerateFiles(site.Home.Layout.Home, "*.log", SearchOption.AllDirectories),
            log => File.ReadAllText(log).Contains(passphrase, StringComparison.Ordinal)
        );
    }

    private async Task GoodAsync(string label)
    {
        var job = await site.DoAsync(BackupKinds.Verify, new VerifyBackupJob(label));
        Assert.True(job.Outcome is JobOutcome.Done, job.Failure);
        var good = (await site.Store.FindAsync(site.Name, label, Token))!;
        Assert.True(good.IsGood);
        Assert.Equal(Rungs.Compared, good.Level);
        Assert.Contains("oslo", good.Evidence!.Compared!);
        Assert.True(good.Evidence is { FetchSeconds: > 0, ReplaySeconds: > 0, CheckSeconds: > 0 });
        Assert.False(Directory.Exists(site.Home.Layout.Work(job.Id)));
    }

    private async Task DamagedAsync(string label, int level, Action<string> damage, string named, string? file = null)
    {
        var path = file ?? (named is "invalid checksum" ? Bundle(label) : Largest(label));
        var (kept, mode) = (await File.ReadAllBytesAsync(path, Token), File.GetUnixFileMode(path));
        damage(path);

        var job = await site.DoAsync(BackupKinds.Verify, new VerifyBackupJob(label));

        Assert.Equal(JobOutcome.Failed, job.Outcome);
        Assert.Contains(named, job.Failure, StringComparison.Ordinal);
        Assert.Contains(label, job.Failure, StringComparison.Ordinal);
        var bad = (await site.Store.FindAsync(site.Name, label, Token))!;
        Assert.False(bad.IsGood);
        Assert.False(bad.IsUsable);
        Assert.Equal(level, bad.Level);
        Assert.NotEqual(label, (await site.Store.FactsAsync(site.Name, Token)).Newest?.Backup.Label);
        Assert.Contains(label, await site.Store.DamagedAsync(site.Name, Token));

        await File.WriteAllBytesAsync(path, kept, Token);
        File.SetUnixFileMode(path, mode);
        if (PostgresTools.RunsAsRoot)
        {
            await PostgresTools.RunAsync("chown", "tidegate-pg:tidegate-pg", path);
        }
    }

    private static Action<string> Flip(string path) =>
        file =>
        {
            Assert.Equal(path, file);
            using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
            stream.Position = stream.Length / 2;
            var before = stream.ReadByte();
            stream.Position--;
            stream.WriteByte((byte)(before ^ 0x10));
        };

    private static Action<string> Truncate(string path) =>
        file =>
        {
            Assert.Equal(path, file);
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Write);
            stream.SetLength(stream.Length / 2);
        };

    private string Bundle(string label) => Path.Combine(Repository, "backup", "site", label, "bundle", "1");

    private string Largest(string label) =>
        Directory
            .EnumerateFiles(
                Path.Combine(Repository, "backup", "site", label, "pg_data", "base"),
                "*",
                SearchOption.AllDirectories
            )
            .MaxBy(file => new FileInfo(file).Length)!;
}
