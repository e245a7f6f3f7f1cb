using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Databases;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Backups;

/// <summary>Copies by FILE_COPY and base backups: what they do to each other, and that they are kept apart.</summary>
public sealed class CopyInterlockTests(BackedUpSite site) : IClassFixture<BackedUpSite>
{
    // Where pgBackRest waits for the segment before its beginning: PostgreSQL is in backup mode, no file is copied yet.
    private const string IsHeld = """
        select count(*) from pg_stat_activity
         where application_name = 'pgBackRest [backup]' and state = 'idle' and query like '%pg_tablespace%'
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_copy_in_the_middle_of_a_backup_is_restored_with_what_its_source_became_later()
    {
        await MakeShopAsync("lade");

        await DuringBackupAsync(async () =>
        {
            await site.ExecuteAsync("postgres", "create database lade__copy template lade strategy file_copy");
            await MigrateAsync("lade");
        });

        Assert.Equal("old", await site.ScalarAsync("lade__copy", "select min(state) from sale"));
        Assert.Equal("migrated", await RestoredAsync("lade", "lade__copy"));
    }

    [Fact]
    public async Task Our_own_copy_in_the_middle_of_a_backup_is_restored_as_it_was_made()
    {
        await MakeShopAsync("moss");

        await DuringBackupAsync(async () =>
        {
            Assert.Equal("wal_log", await CopyAsync("moss", "moss__copy"));
            await MigrateAsync("moss");
        });

        Assert.Equal("old", await RestoredAsync("moss", "moss__copy"));
        Assert.Equal("file_copy", await CopyAsync("moss", "moss__later"));
    }

    [Fact]
    public async Task A_backup_waits_for_a_copy_and_whoever_is_gone_holds_nobody_up()
    {
        var session = await OpenAsync();
        Assert.True(await CopyInterlock.TryEnterAsync(session, Token));
        var id = await site.Jobs.OrderAsync(
            BackupKinds.Backup,
            new(site.Name, site.Name.Value, new BackupJob(BackupType.Full), "test"),
            Token
        );

        var turn = site.Loop.TurnAsync(Token);
        await Eventually.IsTrueAsync(
            async () => (await site.Jobs.FindAsync(id, Token))!.Progress is not null,
            () => "the backup does not say what it waits for"
        );

        Assert.Equal(
            "waiting until a database has been copied",
            (await site.Jobs.FindAsync(id, Token))!.Progress!.Stage
        );
        await session.DisposeAsync(); // as when the one who copies is killed

        Assert.True(await turn);
        Assert.Equal(JobOutcome.Done, (await site.Jobs.FindAsync(id, Token))!.Outcome);
        await using var next = await OpenAsync();
        await using (
            await CopyInterlock.HoldAsync(site.Home.Layout.Cluster, BackedUpSite.Silent, TimeProvider.System, Token)
        )
        {
            Assert.False(await CopyInterlock.TryEnterAsync(next, Token));
        }

        // PostgreSQL lets go of a lock when it has noticed that its session is gone.
        await Eventually.IsTrueAsync(
            () => CopyInterlock.TryEnterAsync(next, Token),
            () => "a backup that has ended holds copies up"
        );
    }

    private Task<PostgresSession> OpenAsync() =>
        site.Home.Layout.Cluster.OpenAsync(SitePostgres.Maintenance, DatabaseNames.SiteRole, Token);

    private async Task MakeShopAsync(string name)
    {
        await site.ExecuteAsync("postgres", $"create database {name} owner tidegate_site");
        await site.ExecuteAsync(
            name,
            "create table sale as select g as id, 'old' as state from generate_series(1, 1000) g"
        );
    }

    private Task MigrateAsync(string name) =>
        site.ExecuteAsync(name, "update sale set state = 'migrated'", "vacuum sale", "checkpoint");

    private async Task<string> CopyAsync(string source, string copy)
    {
        await using var session = await FencedSession.OpenAsync(site.Home.Layout.Cluster, new(source), 1, Token);
        return await CopyMaking.CreateAsync(session, source, copy, Token);
    }

    private async Task DuringBackupAsync(Func<Task> work)
    {
        await site.ExecuteAsync(
            "postgres",
            "alter system set archive_command = '/bin/false pgbackrest'",
            "select pg_reload_conf()"
        );
        var backup = site.Repository.RunAsync("backup", ["--type=full"], Token);
        try
        {
            await Eventually.IsTrueAsync(
                async () =>
                {
                    Assert.False(backup.IsCompleted, "the backup ended before it was held");
                    return await site.ScalarAsync("postgres", IsHeld) is "1";
                },
                () => "the backup does not come to where it is held"
            );

            await work();
        }
        finally
        {
            await site.ExecuteAsync("postgres", "alter system reset archive_command", "select pg_reload_conf()");
        }

        var made = await backup;
        Assert.True(made.ExitCode == 0, made.Complaint);
    }

    /// <summary>What the copy holds after the newest backup was restored.</summary>
    private async Task<string> RestoredAsync(params string[] databases)
    {
        var job = BackedUpSite.NewJob();
        try
        {
            var side = await site.Side.RestoreAsync(
                new(job, null, new RecoveryTarget.Latest(), [.. databases]),
                BackedUpSite.Silent,
                Token
            );
            await BackedUpSite.ExecuteAsync(
                side.Postgres,
                "postgres",
                $"alter database {databases[^1]} allow_connections true"
            );
            return await BackedUpSite.ScalarAsync(side.Postgres, databases[^1], "select min(state) from sale");
        }
        finally
        {
            await site.Side.RemoveAsync(job, Token);
        }
    }
}
