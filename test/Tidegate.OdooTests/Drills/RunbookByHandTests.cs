using System.Globalization;
using System.Net;
using Tidegate.Contracts.Backups;
using Tidegate.Contracts.TenantBackups;
using Tidegate.ControlPlane.Objectives;
using Tidegate.Drivers.Backups;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Drills.Runbooks;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;
using Tidegate.OdooTests.Cutover;
using Tidegate.TestKit;
using Eventually = Tidegate.OdooTests.Fixtures.Eventually;

namespace Tidegate.OdooTests.Drills;

/// <summary>What runbooks of bad releases say is done as it is printed, on a site of real parts whose control plane is dead: as a person would without Tidegate.</summary>
[Trait("Length", "long")]
public sealed class RunbookByHandTests : IAsyncLifetime
{
    private const string Pool = "shared";

    private readonly WholeSite _site = new();
    private readonly HttpClient _visitor = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_release_that_does_not_serve_gives_way_to_the_old_one_behind_the_same_gateway()
    {
        var (old, fresh) = await UpgradeAsync("pass");
        await ExecuteAsync("update res_partner set comment = 'written after the cutover' where id = 1");
        await _site.KillAsync(SiteProcesses.ControlPlane);
        await _site.KillAsync($"web.{Pool}.{fresh[..12]}");
        await Eventually.IsTrueAsync(async () => await StatusAsync() is not HttpStatusCode.OK, "the shop is down");
        var said = Said(old, fresh);

        await ByHand.FollowStepsAsync(_site.Layout, DrillScenario.FailedApplicationRelease, said);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync());
        Assert.True(await RunsAsync(old));
        Assert.False(await RunsAsync(fresh));
        Assert.Equal(
            "written after the cutover",
            await _site.ScalarAsync(WholeSite.Database, "select comment from res_partner where id = 1")
        );

        await ByHand.FollowAfterwardsAsync(_site.Layout, DrillScenario.FailedApplicationRelease, said);
        Assert.False(await RunsAsync(old));
    }

    [Fact]
    public async Task A_migration_that_damaged_rows_is_swapped_back_and_the_old_release_serves_what_was_before()
    {
        const string orders = "select sum(hashtextextended(create_date::text, 0))::text from sale_order";
        var before = await _site.ScalarAsync(WholeSite.Database, orders);
        var (old, fresh) = await UpgradeAsync(
            "cr.execute(\"update sale_order set create_date = create_date - interval '1 year'\")"
        );
        Assert.NotEqual(before, await _site.ScalarAsync(WholeSite.Database, orders));
        var checkpoint = await _site.ScalarAsync(
            SitePostgres.Maintenance,
            "select datname from pg_database where datname like 'shop-oslo\\_\\_old%'"
        );
        await _site.KillAsync(SiteProcesses.ControlPlane);
        (string, string)[] said = [.. Said(old, fresh), ("CHECKPOINT", checkpoint!), ("TABLE", "sale_order")];

        await ByHand.FollowStepsAsync(_site.Layout, DrillScenario.FaultyMigration, said);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync());
        Assert.True(await RunsAsync(old));
        Assert.Equal(before, await _site.ScalarAsync(WholeSite.Database, orders));
        Assert.Equal(
            "false",
            await _site.ScalarAsync(
                SitePostgres.Maintenance,
                "select datallowconn::text from pg_database where datname = 'shop-oslo__damaged'"
            )
        );
        Assert.Equal(
            "0",
            await _site.ScalarAsync(
                SitePostgres.Maintenance,
                "select count(*) from tidegate.swap where swapped_back_at is null"
            )
        );

        await ByHand.FollowAfterwardsAsync(_site.Layout, DrillScenario.FaultyMigration, said);
        Assert.False(await RunsAsync(old));
    }

    [Fact]
    public async Task A_lost_site_comes_back_out_of_its_backups_and_what_was_kept_elsewhere_and_serves_a_tenant()
    {
        await _site.DoneAsync(await _site.OrderAsync("/api/backups", new RunBackup("full")));
        await _site.DoneAsync(
            await _site.OrderAsync($"/api/tenants/{WholeSite.Database}/backups", new TakeBackup(Reason: "test"))
        );
        await ExecuteAsync("update res_partner set comment = 'written after the backup' where id = 1");
        var files = await _site.ScalarAsync(
            WholeSite.Database,
            "select count(distinct store_fname) from ir_attachment where store_fname is not null"
        );
        await new ArchiveFlush(_site.Layout.Cluster, TimeProvider.System).RunAsync(Token);
        var release = await RunningAsync();
        await _site.Site.DownAsync(Token);
        LoseAllBut("site.json", "secrets", "bundles", "backups", "objects");
        var port = Fixtures.FreePort.Find();
        (string, string)[] said =
        [
            ("TENANT", WholeSite.Database),
            ("DATABASE", WholeSite.Database),
            ("POOL", Pool),
            ("RELEASE", release),
            ("POOLUSER", Native.IsRoot ? OsUser.OfPool(new(Pool)) : Environment.UserName),
            ("OBJECTS", _site.Layout.Objects),
            ("PORT", port.ToString(CultureInfo.InvariantCulture)),
        ];

        await ByHand.FollowStepsAsync(_site.Layout, DrillScenario.SiteLoss, said);

        using var answer = await _visitor.GetAsync(new Uri($"http://127.0.0.1:{port}/web/login"), Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(
            "written after the backup",
            await _site.ScalarAsync(WholeSite.Database, "select comment from res_partner where id = 1")
        );
        Assert.Equal(
            files,
            Directory
                .EnumerateFiles(_site.Layout.Filestore(new(Pool), WholeSite.Database), "*", SearchOption.AllDirectories)
                .Count(file => Path.GetFileName(file).Length == 40)
                .ToString(CultureInfo.InvariantCulture)
        );

        await ByHand.FollowAfterwardsAsync(_site.Layout, DrillScenario.SiteLoss, said);
        Assert.False(File.Exists(Path.Combine(_site.Layout.PostgresData, "postmaster.pid")));
    }

    public ValueTask InitializeAsync() => _site.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        _visitor.Dispose();
        // Also what a block began that was cut: it is no process of the site.
        await ByHand.ShellAsync($"pkill -KILL -f -- '--config {_site.Layout.Home}/.*by-hand.*[.]conf' || true");
        if (
            File.Exists(Path.Combine(_site.Layout.PostgresData, "postmaster.pid"))
            && _site.PidOf(SiteProcesses.Postgres) is null
        )
        {
            var facts = RunbookFacts.Read(_site.Layout)!;
            await ByHand.ShellAsync(
                $"{facts.Of("as", isWord: true)} {facts.Of("binaries", isWord: true)}/pg_ctl -D '{_site.Layout.PostgresData}' -m immediate stop"
            );
        }

        await _site.DisposeAsync();
    }

    /// <summary>The machine is gone; what was kept elsewhere is put into an empty home of the same place.</summary>
    private void LoseAllBut(params string[] kept)
    {
        foreach (var entry in new DirectoryInfo(_site.Layout.Home).EnumerateFileSystemInfos())
        {
            if (kept.Contains(entry.Name, StringComparer.Ordinal))
            {
                continue;
            }

            if (entry is DirectoryInfo folder)
            {
                folder.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }
    }

    /// <summary>The digits of the releases before and after.</summary>
    private async Task<(string Old, string New)> UpgradeAsync(string migration)
    {
        var old = await RunningAsync();
        var view = await _site.EndAsync(await _site.StartAsync(await _site.NextReleaseAsync(migration)));
        Assert.True(view.Outcome is "completed", $"{view.Outcome}: {view.Reason}");
        return (old, await RunningAsync());
    }

    private async Task<string> RunningAsync() =>
        (
            await _site.ScalarAsync(
                DatabaseNames.ControlDatabase,
                $"select release from tenant where name = '{WholeSite.Database}'"
            )
        )!["sha256:".Length..];

    private static (string Name, string Value)[] Said(string old, string fresh) =>
        [
            ("TENANT", WholeSite.Database),
            ("DATABASE", WholeSite.Database),
            ("POOL", Pool),
            ("OLD", old),
            ("NEW", fresh),
        ];

    private async Task<HttpStatusCode> StatusAsync()
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            FormattableString.Invariant($"http://127.0.0.1:{_site.GatewayPort}/web/login")
        );
        request.Headers.Host = WholeSite.Host;
        using var answer = await _visitor.SendAsync(request, Token);
        return answer.StatusCode;
    }

    /// <summary>Whether a web process runs the release's code.</summary>
    private async Task<bool> RunsAsync(string release) =>
        (await ByHand.ShellAsync($"pgrep -f -- '^[^ ]*python3 {_site.Layout.Bundles}/{release}/.*--http-port'")).Exit
        == 0;

    private async Task ExecuteAsync(string sql)
    {
        await using var session = await _site.OpenAsync(WholeSite.Database);
        await using var command = new Npgsql.NpgsqlCommand(sql, session);
        await command.ExecuteNonQueryAsync(Token);
    }
}
