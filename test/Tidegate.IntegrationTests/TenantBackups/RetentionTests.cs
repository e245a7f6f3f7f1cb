using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Storage;
using Tidegate.ControlPlane.TenantBackups;
using Tidegate.IntegrationTests.Databases;

namespace Tidegate.IntegrationTests.TenantBackups;

/// <summary>What is let go, in a real store and a real control database.</summary>
public sealed class RetentionTests(SiteCluster cluster) : IClassFixture<SiteCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_expired_backup_goes_with_what_only_it_needed_and_the_kept_one_stays_whole()
    {
        await using var home = await BackupHome.CreateAsync(cluster, "in both");
        var gone = await home.AttachAsync("in the first only");
        var (first, _) = await home.TakenAsync();
        await home.Shop.AsAsync(
            home.Shop.OldRole,
            home.Shop.Database,
            $"delete from ir_attachment where store_fname = '{gone}'"
        );
        var (second, _) = await home.TakenAsync();
        await home.SayInGitAsync(new TenantBackupTerms(TimeSpan.FromDays(1)) { Kept = new(TimeSpan.Zero, 1, 0, 0) });

        var expired = await ExpireAsync(home);

        Assert.Equal(first.Id, Assert.Single(expired.Backups));
        Assert.Equal((3, 0), (expired.Objects, expired.Held)); // manifest, dump, one file
        Assert.Single(home.ObjectFiles("files"));
        Assert.Equal(second.Id, Assert.Single(await home.Store.OfTenantAsync(home.Tenant, null, Token)).Id);
        Assert.True((await home.VerifiedAsync(second.Id)).IsGood);
        Assert.Equal(0, (await ExpireAsync(home)).Objects);
    }

    [Fact]
    public async Task What_a_killed_backup_left_is_removed_and_a_manifest_that_nobody_knows_is_not()
    {
        await using var home = await BackupHome.CreateAsync(cluster, "a file");
        var (unknown, _) = await home.TakenAsync();
        var (known, _) = await home.TakenAsync();
        // As after the control database was restored from an older backup.
        await home.SqlAsync($"delete from tenant_backup where id = '{unknown.Id}'");
        using var left = new MemoryStream([1, 2, 3]);
        var orphan = BackupKeys.Dump(home.Site, home.Tenant, new TenantBackupId("tb-0"), 7);
        await home.Objects.PutAsync(orphan, left, Token);

        var expired = await ExpireAsync(home);

        Assert.Equal((1, 3L), (expired.Objects, expired.Bytes));
        Assert.True(await home.Objects.ExistsAsync(ObjectKey.Create(unknown.Manifest), Token));
        Assert.Equal(2, home.ObjectFiles("dumps").Count);
        Assert.True((await home.VerifiedAsync(known.Id)).IsGood);
    }

    [Fact]
    public async Task A_run_that_was_killed_after_it_had_recorded_what_expires_is_finished_by_the_next()
    {
        await using var home = await BackupHome.CreateAsync(cluster, "a file");
        var (first, _) = await home.TakenAsync();
        await home.TakenAsync();
        await home.SqlAsync($"update tenant_backup set expired_at = now() where id = '{first.Id}'");

        var expired = await ExpireAsync(home);

        Assert.Equal(2, expired.Objects);
        Assert.Single(home.ObjectFiles("manifests"));
        Assert.Single(home.ObjectFiles("dumps"));
    }

    [Fact]
    public async Task While_a_manifest_cannot_be_read_nothing_of_the_tenant_is_removed()
    {
        await using var home = await BackupHome.CreateAsync(cluster, "a file");
        var (backup, _) = await home.TakenAsync();
        await home.SqlAsync("delete from tenant_backup");
        await File.WriteAllTextAsync(home.PathOf(backup.Manifest), "{}", Token);

        var job = await home.RunAsync(TenantBackupJobs.Expire, new ExpireTenantBackups(home.Tenant));

        Assert.Equal(JobOutcome.Failed, job.Outcome);
        Assert.Contains(backup.Manifest, job.Failure, StringComparison.Ordinal);
        Assert.Single(home.ObjectFiles("files"));
        Assert.Single(home.ObjectFiles("dumps"));
    }

    private static async Task<TenantBackupsExpired> ExpireAsync(BackupHome home)
    {
        var job = await home.RunAsync(TenantBackupJobs.Expire, new ExpireTenantBackups(home.Tenant));
        Assert.True(job.Outcome is JobOutcome.Done, job.Failure);
        return StoredJson.Read<TenantBackupsExpired>(job.Result!);
    }
}
