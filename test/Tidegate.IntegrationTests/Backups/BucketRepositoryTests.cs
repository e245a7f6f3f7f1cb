using System.Text;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Storage;
using Tidegate.Drivers.Recovery;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.IntegrationTests.Backups;

/// <summary>Cluster backups in a bucket (a fake of it, see <see cref="BucketSite"/>): made, proven, thinned out, and a lost cluster brought back.</summary>
public sealed class BucketRepositoryTests(BucketSite site) : IClassFixture<BucketSite>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cluster_is_backed_up_proven_and_restored_out_of_a_bucket_that_can_read_nothing_of_it()
    {
        await site.ExecuteAsync("postgres", "create database shop");
        await site.ExecuteAsync("shop", "create table sale (what text)", "insert into sale values ('a-canary-order')");
        var first = await MakeAsync();
        await MakeAsync();
        var third = await MakeAsync(); // two are kept

        Assert.DoesNotContain(
            site.Objects.Keys,
            key => key.StartsWith($"oslo/backup/site/{first}/", StringComparison.Ordinal)
        );
        Assert.Contains(
            site.Objects.Keys,
            key => key.StartsWith($"oslo/backup/site/{third}/", StringComparison.Ordinal)
        );
        Assert.Contains(site.Objects.Keys, key => key.StartsWith("oslo/archive/site/", StringComparison.Ordinal));
        Assert.DoesNotContain(
            site.Objects.Values,
            content => Encoding.Latin1.GetString(content).Contains("a-canary-order", StringComparison.Ordinal)
        );
        Assert.False(Directory.Exists(Path.Combine(site.Home.Layout.BackupRepository, "backup")));
        var verified = await site.DoAsync(BackupKinds.Verify, new VerifyBackupJob(third));
        Assert.True(verified.Outcome is JobOutcome.Done, verified.Failure);

        await site.ExecuteAsync("shop", "insert into sale values ('after the backup')");
        await site.Archive.RunAsync(Token);
        await site.Launcher.StopAsync(SiteProcesses.Postgres, StopManner.AtOnce, Token);
        Directory.Delete(site.Home.Layout.PostgresData, recursive: true);
        var recovery = new SiteRecovery(site.Home.Layout, TimeProvider.System);
        Assert.Null(await recovery.RunAsync(new RecoveryTarget.Latest(), null, replace: false, Token));
        await site.Home.Site.StartPostgresAsync(site.Home.Options, Token);

        Assert.Equal("2", await site.ScalarAsync("shop", "select count(*) from sale"));
    }

    private async Task<string> MakeAsync()
    {
        var job = await site.DoAsync(BackupKinds.Backup, new BackupJob(BackupType.Full));
        Assert.True(job.Outcome is JobOutcome.Done, job.Failure);
        return StoredJson.Read<BackupResult>(job.Result!).Label;
    }
}
