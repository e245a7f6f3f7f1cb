using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Jobs;

namespace Tidegate.IntegrationTests.Backups;

/// <summary>One tenant's database out of a cluster of several, at a moment of the past: real PostgreSQL, real pgBackRest.</summary>
public sealed class SideClusterTests(BackedUpSite site) : IClassFixture<BackedUpSite>
{
    private const string Count = "select count(*) from sale";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_database_is_restored_to_a_time_a_place_and_a_point_and_the_others_are_left_alone()
    {
        await MakeShopsAsync("oslo", "bergen");
        await site.BackUpAsync();
        await SellAsync("oslo", 10);
        var time = await site.MomentAsync();
        await SellAsync("oslo", 100);
        var place = await site.ScalarAsync("postgres", "select pg_current_wal_insert_lsn()");
        await SellAsync("oslo", 1000);
        await site.Points.RecordAsync("before-the-mistake", Token);
        await site.ExecuteAsync("oslo", "delete from sale");
        await site.ExecuteAsync("bergen", "delete from sale where id > 1");
        await site.ExecuteAsync("bergen", "vacuum sale");

        Assert.Equal("11", await CountAsync("oslo", new RecoveryTarget.Time(time)));
        Assert.Equal("111", await CountAsync("oslo", new RecoveryTarget.Lsn(place)));
        Assert.Equal("1111", await CountAsync("oslo", new RecoveryTarget.RestorePoint("before-the-mistake")));
        Assert.Equal("0", await CountAsync("oslo", new RecoveryTarget.Latest()));
        Assert.Equal("1", await CountAsync("oslo", new RecoveryTarget.EndOfBackup()));

        Assert.Equal("0", await site.ScalarAsync("oslo", Count));
        Assert.Equal("1", await site.ScalarAsync("bergen", Count));
        Assert.Equal("1", await site.ScalarAsync("postgres", "select timeline_id from pg_control_checkpoint()"));
    }

    [Fact]
    public async Task What_was_not_asked_for_is_not_there_and_the_cluster_acts_on_nothing_outside()
    {
        await MakeShopsAsync("turku", "vaasa");
        var label = await site.BackUpAsync();
        var job = BackedUpSite.NewJob();
        List<JobProgress> said = [];

        var side = await site.Side.RestoreAsync(
            new(job, label, new RecoveryTarget.Latest(), ["turku"]),
            (progress, _) =>
            {
                said.Add(progress);
                return Task.CompletedTask;
            },
            Token
        );

        Assert.Equal("1", await BackedUpSite.ScalarAsync(side.Postgres, "turku", Count));
        await Assert.ThrowsAsync<PostgresException>(() => BackedUpSite.ScalarAsync(side.Postgres, "vaasa", Count));
        Assert.Equal("off", await BackedUpSite.ScalarAsync(side.Postgres, "postgres", "show archive_mode"));
        Assert.Equal("", await BackedUpSite.ScalarAsync(side.Postgres, "postgres", "show listen_addresses"));
        Assert.Equal(
            "2",
            await BackedUpSite.ScalarAsync(side.Postgres, "postgres", "select timeline_id from pg_control_checkpoint()")
        );
        Assert.Equal(label, side.Recovery!.BackupLabel);
        Assert.Contains(
            said,
            progress =>
                progress is { Unit: "bytes", Done: > 0 } && progress.Stage.Contains(label, StringComparison.Ordinal)
        );
        Assert.DoesNotContain("archived", await ArchiveFilesAsync("00000002"), StringComparison.Ordinal);

        await site.Side.RemoveAsync(job, Token);
        await NothingIsLeftAsync(job);
    }

    [Fact]
    public async Task A_database_that_was_swapped_since_the_backup_is_found_on_both_sides_of_the_swap()
    {
        await MakeShopsAsync("lund", "malmo");
        await site.BackUpAsync();
        var before = await site.MomentAsync();
        await site.ExecuteAsync(
            "postgres",
            "create database lund__next template lund strategy file_copy",
            "alter database lund rename to lund__old_1",
            "alter database lund__next rename to lund"
        );
        await SellAsync("lund", 5);
        await site.BackUpAsync("incr");
        var between = await site.MomentAsync();
        await site.ExecuteAsync(
            "postgres",
            "create database lund__next template lund strategy wal_log",
            "alter database lund rename to lund__old_2",
            "alter database lund__next rename to lund"
        );
        await SellAsync("lund", 50);
        var oldest = (await site.Repository.ListAsync(Token))[^2].Label;

        Assert.Equal("1", await CountAsync("lund", new RecoveryTarget.Time(before), oldest));
        Assert.Equal("6", await CountAsync("lund", new RecoveryTarget.Time(between), oldest));
        Assert.Equal("56", await CountAsync("lund", new RecoveryTarget.Latest(), oldest));
        Assert.Equal("56", await CountAsync("lund", new RecoveryTarget.Latest()));
    }

    [Fact]
    public async Task A_database_that_was_made_after_the_backup_is_restored_with_all_the_others()
    {
        await MakeShopsAsync("kiel");
        await site.BackUpAsync();
        await site.ExecuteAsync("postgres", "create database kiel2 template kiel strategy file_copy");
        await SellAsync("kiel2", 3);

        Assert.Equal("4", await CountAsync("kiel2", new RecoveryTarget.Latest()));
        var missing = await Assert.ThrowsAsync<JobFailedException>(() =>
            CountAsync("atlantis", new RecoveryTarget.Latest())
        );
        Assert.Contains("no database atlantis", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_cannot_be_reached_is_refused_before_anything_is_restored()
    {
        await MakeShopsAsync("bath");
        await site.BackUpAsync();
        var now = TimeProvider.System.GetUtcNow();
        var begun = Stopwatch.GetTimestamp();

        await RefusedAsync(new RecoveryTarget.Time(now.AddMinutes(5)), "committed after");
        await RefusedAsync(new RecoveryTarget.Time(now.AddDays(-1)), "before the oldest backup");
        await RefusedAsync(new RecoveryTarget.Lsn("FF/0"), "lies beyond");
        await RefusedAsync(new RecoveryTarget.Lsn("0/1"), "before the oldest backup");
        await RefusedAsync(new RecoveryTarget.Lsn("yesterday"), "no place in the log");
        await RefusedAsync(new RecoveryTarget.RestorePoint("misspelt"), "no restore point \"misspelt\"");
        await RefusedAsync(new RecoveryTarget.Latest(), "no backup 20010101-000000F", "20010101-000000F");

        var took = Stopwatch.GetElapsedTime(begun);
        Assert.True(took < TimeSpan.FromSeconds(30), took.ToString());
    }

    [Fact]
    public async Task Given_up_half_way_or_killed_it_leaves_nothing()
    {
        await MakeShopsAsync("faro");
        await site.BackUpAsync();
        foreach (var stage in new[] { "fetching", "replaying" })
        {
            var job = BackedUpSite.NewJob();
            using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Token);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                site.Side.RestoreAsync(
                    new(job, null, new RecoveryTarget.Latest(), ["faro"]),
                    (progress, _) =>
                        progress.Stage.StartsWith(stage, StringComparison.Ordinal)
                            ? giveUp.CancelAsync()
                            : Task.CompletedTask,
                    giveUp.Token
                )
            );
            await NothingIsLeftAsync(job);
        }

        // As after a kill of the server: its successor knows the job's id only.
        var abandoned = BackedUpSite.NewJob();
        var stuck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = site.Side.RestoreAsync(
            new(abandoned, null, new RecoveryTarget.Latest(), ["faro"]),
            (progress, _) =>
            {
                if (progress.Unit is null)
                {
                    return Task.CompletedTask;
                }

                begun.TrySetResult();
                return stuck.Task;
            },
            Token
        );
        await begun.Task;
        await site.Side.RemoveAsync(abandoned, Token);
        await NothingIsLeftAsync(abandoned);
    }

    [Fact]
    public async Task An_empty_one_is_prepared_as_a_site_is_and_is_gone_when_removed()
    {
        var job = BackedUpSite.NewJob();

        var side = await site.Side.CreateAsync(job, Token);

        Assert.Null(side.Recovery);
        Assert.Equal(
            "tidegate_site",
            await BackedUpSite.ScalarAsync(
                side.Postgres,
                "postgres",
                "select nspowner::regrole::text from pg_namespace where nspname = 'tidegate'"
            )
        );
        await site.Side.RemoveAsync(job, Token);
        await site.Side.RemoveAsync(job, Token);
        await NothingIsLeftAsync(job);
    }

    private async Task MakeShopsAsync(params string[] names)
    {
        foreach (var name in names)
        {
            await site.ExecuteAsync("postgres", $"create database {name}");
            await site.ExecuteAsync(name, "create table sale (id int)", "insert into sale values (1)");
        }
    }

    private Task SellAsync(string shop, int sales) =>
        site.ExecuteAsync(
            shop,
            string.Create(CultureInfo.InvariantCulture, $"insert into sale select generate_series(1, {sales})")
        );

    private async Task<string> CountAsync(string shop, RecoveryTarget target, string? label = null)
    {
        var job = BackedUpSite.NewJob();
        try
        {
            var side = await site.Side.RestoreAsync(new(job, label, target, [shop]), BackedUpSite.Silent, Token);
            return await BackedUpSite.ScalarAsync(side.Postgres, shop, Count);
        }
        finally
        {
            await site.Side.RemoveAsync(job, Token);
        }
    }

    private async Task RefusedAsync(RecoveryTarget target, string why, string? label = null)
    {
        var job = BackedUpSite.NewJob();
        var refused = await Assert.ThrowsAsync<JobFailedException>(() =>
            site.Side.RestoreAsync(new(job, label, target, ["bath"]), BackedUpSite.Silent, Token)
        );
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(site.Home.Layout.Work(job)));
    }

    private Task NothingIsLeftAsync(JobId job)
    {
        Assert.False(Directory.Exists(site.Home.Layout.Work(job)));
        Assert.DoesNotContain(site.Launcher.Names(), name => name.Contains(job.Short, StringComparison.Ordinal));
        return Task.CompletedTask;
    }

    private Task<string> ArchiveFilesAsync(string timeline) =>
        Task.FromResult(
            Directory
                .EnumerateDirectories(
                    Path.Combine(site.Home.Layout.BackupRepository, "archive", "site"),
                    $"{timeline}*",
                    SearchOption.AllDirectories
                )
                .Any()
                ? "archived"
                : "none"
        );
}
