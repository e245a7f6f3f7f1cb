using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Sites;
using Tidegate.ControlPlane.TenantBackups;
using Tidegate.IntegrationTests.Databases;

namespace Tidegate.IntegrationTests.TenantBackups;

/// <summary>What is due is found by the control database, a few at once.</summary>
public sealed class ScheduleTests(SiteCluster cluster) : IClassFixture<SiteCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tenant_is_backed_up_then_proven_and_then_left_alone()
    {
        await using var home = await BackupHome.CreateAsync(cluster, "a file");
        using var loop = Loop(home, TimeSpan.FromHours(24));

        await loop.TurnAsync(Token);
        await loop.TurnAsync(Token); // ordered once
        await home.TurnAsync();
        await loop.TurnAsync(Token);
        await home.TurnAsync();
        await loop.TurnAsync(Token);

        Assert.Equal(
            ["tenant-backup ended done", "verify-tenant-backup ended done"],
            await home.SqlAsync("select concat_ws(' ', kind, state, outcome) from job order by created_at")
        );
        Assert.True(Assert.Single(await home.Store.OfTenantAsync(home.Tenant, null, Token)).Verification!.IsGood);
    }

    [Fact]
    public async Task A_second_backup_is_due_when_the_first_is_old_and_retention_when_there_are_two()
    {
        await using var home = await BackupHome.CreateAsync(cluster, "a file");
        await home.TakenAsync();
        await home.SqlAsync(
            "update tenant_backup set taken_at = now() - interval '25 hours', verified_at = now(), is_good = true, finding = 'good'"
        );
        await home.SqlAsync("update job set ended_at = now() - interval '25 hours'");
        using var loop = Loop(home, TimeSpan.FromHours(24));

        await loop.TurnAsync(Token);
        await home.TurnAsync();
        await loop.TurnAsync(Token);

        Assert.Equal(
            ["expire-tenant-backups waiting", "tenant-backup ended"],
            await home.SqlAsync("select distinct concat_ws(' ', kind, state) from job order by 1")
        );
    }

    [Fact]
    public async Task What_git_says_of_the_site_counts_from_the_next_look_on()
    {
        await using var home = await BackupHome.CreateAsync(cluster, "a file");
        using var loop = Loop(home, null);
        await loop.TurnAsync(Token);
        Assert.Empty(await home.SqlAsync("select id from job"));

        await home.SayInGitAsync(new TenantBackupTerms(TimeSpan.FromHours(12)));
        await loop.TurnAsync(Token);

        Assert.Equal(["tenant-backup"], await home.SqlAsync("select kind from job"));
    }

    [Fact]
    public async Task Without_a_schedule_nothing_is_taken()
    {
        await using var home = await BackupHome.CreateAsync(cluster);
        using var loop = Loop(home, null);

        await loop.TurnAsync(Token);

        Assert.Empty(await home.SqlAsync("select id from job"));
    }

    [Fact]
    public async Task Among_ten_thousand_tenants_the_oldest_two_are_found_at_once()
    {
        await using var home = await BackupHome.CreateAsync(cluster);
        await home.SqlAsync(
            $"""
            insert into tenant (name, pool, database, hosts, time_zone, profile, release)
            select 't' || n, pool, 'db' || n, array['h' || n], time_zone, profile, release
              from tenant, generate_series(1, 10000) n
            """
        );
        await home.SqlAsync(
            """
            insert into tenant_backup (id, tenant, site, job, kept, taken_at, release, manifest, manifest_sha256, is_encrypted,
                   database_bytes, dump_bytes, files, file_bytes, new_bytes, faults)
            select 'tb-' || t.name || '-' || d, t.name, 'local', 'j', 'scheduled',
                   now() - d * interval '1 day' - (case when t.name in ('t7', 't9000') then interval '1 day' else interval '0' end), '1', 'm', '', false, 0, 0, 0, 0, 0, 0
              from tenant t, generate_series(0, 20) d
            """
        );
        await home.SqlAsync("analyze tenant_backup");
        var started = Stopwatch.GetTimestamp();

        var due = await home.Store.DueBackupsAsync(home.Site, TimeSpan.FromHours(12), 2, Token);

        Assert.Equal(["t7", "t9000"], due);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    private static TenantBackupLoop Loop(BackupHome home, TimeSpan? every) =>
        new(
            home.Store,
            new TenantBackupDesk(home.Fleet, home.Store, home.Jobs),
            new ServedSites([home.Site], "test", TimeSpan.FromSeconds(30)),
            new TenantBackupRules(home.Protection, new TenantBackupSchedule(every)),
            TimeProvider.System,
            NullLogger<TenantBackupLoop>.Instance
        );
}
