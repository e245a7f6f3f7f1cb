using System.Diagnostics;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Databases;

public sealed class CopyTests(SiteCluster cluster) : IClassFixture<SiteCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_copy_has_what_PostgreSQL_leaves_behind_when_it_copies_a_database()
    {
        var shop = await cluster.NewShopAsync();
        var database = shop.Database;
        await cluster.Postgres.ExecuteAsync(
            "postgres",
            $"create role report_{database} login",
            $"alter database {database} connection limit 77",
            $"comment on database {database} is 'it''s the \\ shop'",
            $"alter database {database} set search_path to \"$user\", public, \"odd,name\"",
            $"alter database {database} set work_mem to '5MB'",
            $"alter database {database} set app.motto to 'a''b\\c'",
            "grant set on parameter app.motto to tidegate_site",
            $"alter role report_{database} in database {database} set statement_timeout to '9s'",
            $"grant temporary on database {database} to report_{database} with grant option",
            $"grant connect on database {database} to report_{database}"
        );

        await shop.ForwardAsync();

        Assert.Equal(
            $$"""77|it's the \ shop|{"search_path=\"$user\", public, \"odd,name\"",work_mem=5MB,"app.motto=a'b\\c"}|{statement_timeout=9s}""",
            await cluster.Postgres.ScalarAsync(
                "postgres",
                $"""
                select concat_ws('|', datconnlimit, shobj_description(d.oid, 'pg_database'),
                       (select setconfig from pg_db_role_setting where setdatabase = d.oid and setrole = 0),
                       (select setconfig from pg_db_role_setting where setdatabase = d.oid and setrole = 'report_{database}'::regrole))
                  from pg_database d where datname = '{database}'
                """
            )
        );
        Assert.Equal("42501", await shop.RefusalAsync($"report_{database}", database));
        await new TenantAccess(cluster.Site).GiveToOthersAsync(shop.Context(), Token);
        await shop.AsAsync($"report_{database}", database, "create temporary table mine (id int)");
    }

    [Fact]
    public async Task Only_the_migrator_gets_into_the_copy_and_nobody_gets_into_the_original()
    {
        var shop = await cluster.NewShopAsync();
        await shop.FenceAsync();

        await Shop.DoneAsync(() => shop.CopyAsync());

        Assert.Null(await shop.RefusalAsync(shop.MigratorRole, shop.Copy));
        Assert.Equal("42501", await shop.RefusalAsync(shop.OldRole, shop.Copy));
        Assert.Equal("42501", await shop.RefusalAsync(shop.NewRole, shop.Copy));
        Assert.Equal("55000", await shop.RefusalAsync(shop.MigratorRole, shop.Database));
        Assert.Equal("55000", await shop.RefusalAsync("postgres", shop.Database));
    }

    [Fact]
    public async Task An_open_database_is_not_copied()
    {
        var shop = await cluster.NewShopAsync();

        Assert.IsType<StepOutcome.Failed>(await shop.CopyAsync());
        Assert.IsType<StepOutcome.Failed>(await shop.SwapAsync());
    }

    [Fact]
    public async Task A_copy_on_which_a_migration_began_is_made_anew()
    {
        var shop = await cluster.NewShopAsync();
        await shop.FenceAsync();
        await shop.CopyAsync();
        await shop.MigrateAsync();
        Assert.IsType<CopyState.Begun>(await StateAsync(shop));
        Assert.False(await new TenantCopy(cluster.Site).MarkMigrationBegunAsync(shop.Context(), Token));

        await Shop.DoneAsync(() => shop.CopyAsync());

        Assert.IsType<CopyState.Fresh>(await StateAsync(shop));
        await shop.MigrateAsync();
    }

    [Fact]
    public async Task A_copy_of_another_upgrade_or_of_a_lower_epoch_is_made_anew_and_a_good_one_is_kept()
    {
        var shop = await cluster.NewShopAsync();
        await shop.FenceAsync();
        await shop.CopyAsync(upgrade: UpgradeId.Create("u-" + new string('9', 32)));
        Assert.IsType<CopyState.Unusable>(await StateAsync(shop));

        await Shop.DoneAsync(() => shop.CopyAsync(epoch: 1));
        var first = Assert.IsType<CopyState.Fresh>(await StateAsync(shop));
        await Shop.DoneAsync(() => shop.CopyAsync(epoch: 1));
        var kept = Assert.IsType<CopyState.Fresh>(await StateAsync(shop));
        await Shop.DoneAsync(() => shop.CopyAsync(epoch: 2));
        var anew = Assert.IsType<CopyState.Fresh>(await new TenantCopy(cluster.Site).ReadAsync(shop.Context(2), Token));

        Assert.Equal(first, kept);
        Assert.NotEqual(kept.Oid, anew.Oid);
    }

    [Fact]
    public async Task A_copy_that_another_upgrade_made_is_not_dropped_by_a_late_way_back()
    {
        var shop = await cluster.NewShopAsync();
        await shop.FenceAsync();
        await shop.CopyAsync(upgrade: UpgradeId.Create("u-" + new string('9', 32)));

        await Shop.DoneAsync(() => shop.DropCopyAsync());

        Assert.IsType<CopyState.Unusable>(await StateAsync(shop));
    }

    [Fact]
    public async Task While_a_base_backup_runs_a_copy_goes_through_the_log()
    {
        var shop = await cluster.NewShopAsync();
        await shop.FenceAsync();
        var folder = Directory.CreateTempSubdirectory("tidegate-backup-");
        using var backup = Process.Start(
            new ProcessStartInfo(
                PostgresTools.Binary("pg_basebackup"),
                [
                    "-h",
                    cluster.Site.SocketDirectory,
                    "-U",
                    "postgres",
                    "-D",
                    folder.FullName,
                    "--max-rate=32k",
                    "-c",
                    "fast",
                ]
            )
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            }
        )!;
        try
        {
            await UntilAsync("select exists (select from pg_stat_progress_basebackup)");

            var outcome = Assert.IsType<StepOutcome.Done>(await shop.CopyAsync());

            Assert.Contains("wal_log", outcome.Did, StringComparison.Ordinal);
        }
        finally
        {
            backup.Kill(entireProcessTree: true); // what streams the log has its connection too
            await backup.WaitForExitAsync(CancellationToken.None); // the folder can go only then
            folder.Delete(recursive: true);
        }

        await UntilAsync("select not exists (select from pg_stat_progress_basebackup)");
        var again = Assert.IsType<StepOutcome.Done>(await shop.CopyAsync(epoch: 2));
        Assert.Contains("file_copy", again.Did, StringComparison.Ordinal);
    }

    private async Task UntilAsync(string condition)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Token);
        bound.CancelAfter(TimeSpan.FromSeconds(20));
        while (
            !string.Equals(await cluster.Postgres.ScalarAsync("postgres", condition), "True", StringComparison.Ordinal)
        )
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, bound.Token);
        }
    }

    private Task<CopyState> StateAsync(Shop shop) => new TenantCopy(cluster.Site).ReadAsync(shop.Context(), Token);
}
