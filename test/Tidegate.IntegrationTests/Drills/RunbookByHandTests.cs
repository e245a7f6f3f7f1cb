using System.Globalization;
using Tidegate.ControlPlane.Objectives;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Drills.Runbooks;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;
using Tidegate.IntegrationTests.Backups;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Drills;

/// <summary>What runbooks say is done as it is printed, by a shell, on a real PostgreSQL with a real archive: as a person would without Tidegate.</summary>
public sealed class RunbookByHandTests : IAsyncLifetime
{
    private readonly BackedUpSite _site = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SiteLayout Layout => _site.Home.Layout;

    [Fact]
    public async Task One_tenant_goes_back_to_a_moment_with_owner_rights_and_settings()
    {
        await _site.ExecuteAsync(
            "postgres",
            "create role shop_reader",
            $"create database shop owner {DatabaseNames.SiteRole}",
            "revoke all on database shop from public",
            "grant connect on database shop to shop_reader",
            "alter role shop_reader in database shop set search_path to 'public'"
        );
        await _site.ExecuteAsync("shop", "create table sale_order as select n as total from generate_series(1, 100) n");
        await _site.BackUpAsync();
        await _site.ExecuteAsync("shop", "insert into sale_order select 7 from generate_series(1, 50)");
        var moment = await _site.MomentAsync();
        await _site.ExecuteAsync("shop", "delete from sale_order");
        await ArchiveAsync();

        await ByHand.FollowAsync(
            Layout,
            DrillScenario.TenantCorruption,
            ("DATABASE", "shop"),
            ("MOMENT", moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff'+00'", CultureInfo.InvariantCulture)),
            ("TABLE", "sale_order")
        );

        Assert.Equal("150", await _site.ScalarAsync("shop", "select count(*) from sale_order"));
        Assert.Equal(
            $"{DatabaseNames.SiteRole} false true {{search_path=public}}",
            await _site.ScalarAsync(
                "postgres",
                """
                select concat_ws(' ', pg_get_userbyid(datdba), has_database_privilege('public', oid, 'connect')::text,
                                 has_database_privilege('shop_reader', oid, 'connect')::text,
                                 (select setconfig::text from pg_db_role_setting where setdatabase = d.oid))
                  from pg_database d where datname = 'shop'
                """
            )
        );
        Assert.Equal(
            "false",
            await _site.ScalarAsync(
                "postgres",
                "select datallowconn::text from pg_database where datname = 'shop__damaged'"
            )
        );
        Assert.False(Directory.Exists(Path.Combine(Layout.WorkFolder, "by-hand")));
    }

    [Fact]
    public async Task A_lost_control_database_comes_back_and_gives_out_numbers_that_the_site_has_not_seen()
    {
        await _site.BackUpAsync();
        await _site.ExecuteAsync("postgres", "insert into tidegate.tenant_epoch (tenant, epoch) values ('shop', 4711)");
        await _site.ExecuteAsync(DatabaseNames.ControlDatabase, "create table mark as select 1 as n");
        await ArchiveAsync();
        await _site.ExecuteAsync(DatabaseNames.ControlDatabase, "drop table ledger cascade");

        await ByHand.FollowAsync(Layout, DrillScenario.ControlPlaneLoss);

        Assert.Equal("1", await _site.ScalarAsync(DatabaseNames.ControlDatabase, "select count(*) from mark"));
        Assert.Equal("5712", await _site.ScalarAsync(DatabaseNames.ControlDatabase, "select nextval('epoch')"));
        Assert.Equal(
            DatabaseNames.ControlRole,
            await _site.ScalarAsync(
                "postgres",
                "select pg_get_userbyid(datdba) from pg_database where datname = 'tidegate'"
            )
        );
    }

    [Fact]
    public async Task A_lost_cluster_comes_back_out_of_its_archive()
    {
        await _site.ExecuteAsync("postgres", "create database shop");
        await _site.BackUpAsync();
        await _site.ExecuteAsync("shop", "create table sale_order as select n as total from generate_series(1, 100) n");
        await ArchiveAsync();
        await _site.Launcher.StopAsync(SiteProcesses.Postgres, StopManner.AtOnce, Token);
        File.Delete(Path.Combine(Layout.PostgresData, "PG_VERSION"));

        await ByHand.FollowAsync(Layout, DrillScenario.ClusterLoss);

        Assert.Equal("100", await _site.ScalarAsync("shop", "select count(*) from sale_order"));
    }

    public ValueTask InitializeAsync() => _site.InitializeAsync();

    /// <summary>Also what was started by hand and is no process of the site.</summary>
    public async ValueTask DisposeAsync()
    {
        var facts = RunbookFacts.Read(Layout)!;
        foreach (var data in new[] { Path.Combine(Layout.WorkFolder, "by-hand", "data"), Layout.PostgresData })
        {
            if (File.Exists(Path.Combine(data, "postmaster.pid")))
            {
                await ByHand.ShellAsync(
                    $"{facts.Of("as", isWord: true)} {facts.Of("binaries", isWord: true)}/pg_ctl -D '{data}' -m immediate stop"
                );
            }
        }

        await _site.DisposeAsync();
    }

    /// <summary>All that was committed until now is in the archive.</summary>
    private async Task ArchiveAsync() => await _site.Archive.RunAsync(Token);
}
