using System.Net;
using System.Net.Sockets;
using Npgsql;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.IntegrationTests.Runtimes;

namespace Tidegate.IntegrationTests.Sites;

public sealed class LocalSiteTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Up_twice_is_up_once_and_down_leaves_no_process()
    {
        await using var home = new SiteHome();

        Assert.Null(await home.Site.UpAsync(home.Options, Cancelled));
        var first = home.Site.Status();
        Assert.Null(await home.Site.UpAsync(home.Options, Cancelled));
        var second = home.Site.Status();

        Assert.Equal("up", second.State);
        Assert.Equal(["control-plane", "gateway", "postgres"], second.Processes.Select(process => process.Name));
        Assert.Equal(first.Processes.Select(process => process.Pid), second.Processes.Select(process => process.Pid));

        await home.Site.DownAsync(Cancelled);
        Assert.Equal("down", home.Site.Status().State);
        Assert.All(first.Processes, process => Assert.False(LauncherHome.Lives(process.Pid!.Value)));
        Assert.Empty(await home.Site.DownAsync(Cancelled));
    }

    [Fact]
    public async Task A_site_that_was_killed_comes_up_with_its_data()
    {
        await using var home = new SiteHome();
        await home.Site.StartPostgresAsync(home.Options, Cancelled);
        await ExecuteAsync(home, "create table kept (answer int)");
        LauncherHome.Kill(home.PidOf("postgres")!.Value);
        await LauncherHome.UntilAsync(() => home.PidOf("postgres") is null);

        await home.Site.StartPostgresAsync(home.Options, Cancelled);

        await ExecuteAsync(home, "insert into kept values (42)");
    }

    [Fact]
    public async Task A_part_that_is_ending_when_the_site_is_brought_up_is_started_anew()
    {
        await using var home = new SiteHome();
        Assert.Null(await home.Site.UpAsync(home.Options, Cancelled));

        for (var round = 0; round < 3; round++)
        {
            // Its socket answers nobody any more, and whether it still lives when it is looked for is left to chance.
            var gateway = home.PidOf("gateway")!.Value;
            File.Delete(home.Layout.GatewaySocket);
            LauncherHome.Kill(gateway);
            Assert.Null(await home.Site.UpAsync(home.Options, Cancelled));
            Assert.NotEqual(gateway, home.PidOf("gateway"));
        }
    }

    [Fact]
    public async Task A_stale_pid_file_whose_number_belongs_to_another_process_is_no_obstacle()
    {
        await using var home = new SiteHome();
        await home.Site.StartPostgresAsync(home.Options, Cancelled);
        await home.Site.DownAsync(Cancelled);
        var stranger = Environment.ProcessId;
        await File.WriteAllTextAsync(
            Path.Combine(home.Layout.PostgresData, "postmaster.pid"),
            $"{stranger}\n{home.Layout.PostgresData}\n1700000000\n5432\n{home.Layout.PostgresSocket}\n\n  0 0\n",
            Cancelled
        );

        await home.Site.StartPostgresAsync(home.Options, Cancelled);

        Assert.NotNull(home.PidOf("postgres"));
    }

    [Fact]
    public async Task An_interrupted_initdb_is_begun_again()
    {
        await using var home = new SiteHome();
        Directory.CreateDirectory(Path.Combine(home.Layout.Postgres, ".data.half"));

        await home.Site.StartPostgresAsync(home.Options, Cancelled);

        Assert.NotNull(home.PidOf("postgres"));
        Assert.False(Directory.Exists(Path.Combine(home.Layout.Postgres, ".data.half")));
    }

    [Fact]
    public async Task A_taken_port_is_refused_before_anything_is_touched()
    {
        await using var home = new SiteHome();
        using var other = new TcpListener(IPAddress.Loopback, home.Options.Port);
        other.Start();

        var refusal = await home.Site.UpAsync(home.Options, Cancelled);

        Assert.Contains($"port {home.Options.Port}", refusal!.What, StringComparison.Ordinal);
        Assert.Contains("--port", refusal.Next, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(home.Layout.Home));
    }

    [Fact]
    public async Task A_home_whose_sockets_would_have_too_long_names_is_refused()
    {
        var layout = new SiteLayout(Path.Combine(Path.GetTempPath(), new string('x', 80)));

        var refusal = await new LocalSite(layout, TimeProvider.System).UpAsync(
            new(SiteHome.FreePort(), "/usr"),
            Cancelled
        );

        Assert.Contains("shorter", refusal!.Next, StringComparison.Ordinal);
        Assert.False(Directory.Exists(layout.Home));
    }

    [Fact]
    public async Task Nobody_but_the_sites_own_user_gets_into_its_databases()
    {
        await using var home = new SiteHome();
        await home.Site.StartPostgresAsync(home.Options, Cancelled);

        await using var connection = new NpgsqlConnection(
            home.Layout.Cluster.ConnectionString("postgres", "gen_shared_00000000")
        );
        var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(Cancelled));

        Assert.Contains("Peer authentication failed", refused.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_s_own_postgresql_honours_the_role_that_a_tenant_s_rights_rest_on()
    {
        await using var home = new SiteHome();
        await home.Site.StartPostgresAsync(home.Options, Cancelled);
        var provisioning = new TenantProvisioning(home.Layout.Cluster);
        await provisioning.CreateEmptyAsync("shop", Cancelled);

        Assert.True(await provisioning.HonoursRoleSettingAsync("shop", Cancelled));
    }

    private static async Task ExecuteAsync(SiteHome home, string statement)
    {
        await using var connection = new NpgsqlConnection(
            home.Layout.Cluster.ConnectionString(DatabaseNames.ControlDatabase, DatabaseNames.ControlRole)
        );
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
