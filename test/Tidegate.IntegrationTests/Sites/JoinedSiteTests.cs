using Npgsql;
using Tidegate.Cli;
using Tidegate.Drivers.Databases;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.IntegrationTests.Runtimes;
using Tidegate.Server.Commands;

namespace Tidegate.IntegrationTests.Sites;

/// <summary>Two homes with real processes: the second joins the control plane of the first.</summary>
public sealed class JoinedSiteTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_home_joins_and_keeps_only_its_tenants_cluster_to_itself()
    {
        await using var first = new SiteHome();
        await using var second = new SiteHome();
        Assert.Null(await first.Site.UpAsync(first.Options, Cancelled));
        var joining = second.Options with { Name = "oslo", Control = first.Layout.Home };

        Assert.Null(await second.Site.UpAsync(joining, Cancelled));

        Assert.Equal(
            ["local", "oslo"],
            await ColumnAsync(first, DatabaseNames.ControlDatabase, "select name from site order by 1")
        );
        Assert.Equal(
            ["2"],
            await ColumnAsync(first, DatabaseNames.ControlDatabase, "select count(distinct cluster)::text from site")
        );
        Assert.Empty(
            await ColumnAsync(
                second,
                SitePostgres.Maintenance,
                "select datname from pg_database where datname = 'tidegate'"
            )
        );
        var status = second.Site.Status();
        Assert.Equal(("up", "oslo", first.Layout.Home), (status.State, status.Name, status.Control));
        Assert.Equal(first.Layout.Home, first.Site.Status().Control);
        var tenants = await RunAsync("tenant", "list", "--server", $"unix:{second.Layout.ServerSocket}");
        Assert.Equal(ExitCodes.Done, tenants.Exit);

        await AssertFleetIsRefusedByTheOtherSiteAsync(first);
        await AssertNameIsTakenAsync(first);
    }

    [Fact]
    public async Task What_cannot_be_joined_is_refused_with_nothing_touched()
    {
        await using var first = new SiteHome();
        await using var second = new SiteHome();
        var joining = second.Options with { Name = "oslo", Control = first.Layout.Home };

        var nothing = await second.Site.UpAsync(joining, Cancelled);
        await first.Site.StartPostgresAsync(first.Options, Cancelled);
        await first.Site.DownAsync(Cancelled);
        var down = await second.Site.UpAsync(joining, Cancelled);
        var badName = await second.Site.UpAsync(joining with { Name = "Oslo; drop" }, Cancelled);
        var own = await first.Site.UpAsync(first.Options with { Control = second.Layout.Home }, Cancelled);

        Assert.Contains("is no home of a site", nothing!.What, StringComparison.Ordinal);
        Assert.Contains("does not run", down!.What, StringComparison.Ordinal);
        Assert.Contains("is not allowed", badName!.What, StringComparison.Ordinal);
        Assert.Contains("holds a control plane of its own", own!.What, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(second.Layout.Home));
    }

    /// <summary>The first server asks the second's, over the table, to look at a database that is not there.</summary>
    private static async Task AssertFleetIsRefusedByTheOtherSiteAsync(SiteHome first)
    {
        var digest = $"sha256:{new string('1', 64)}";
        await ColumnAsync(
            first,
            DatabaseNames.ControlDatabase,
            $"insert into release (name, digest, registered_at, registered_by) values ('1', '{digest}', now(), 'test')"
        );
        var file = Path.Combine(first.Layout.Home, "fleet.json");
        await File.WriteAllTextAsync(
            file,
            """
            {"pools": [{"name": "p", "site": "oslo", "environment": "production", "hosting": "shared", "workers": 1}],
             "tenants": [{"name": "s1", "pool": "p", "database": "nowhere", "hosts": ["s1.example"], "timeZone": "Europe/Oslo",
                          "journeyLogin": "admin", "journeySecret": "journey", "release": "1"}]}
            """,
            Cancelled
        );

        var refused = await RunAsync("fleet", "apply", "--file", file, "--server", $"unix:{first.Layout.ServerSocket}");

        Assert.Equal(ExitCodes.Blocked, refused.Exit);
        Assert.Contains("database nowhere of s1 does not exist", refused.Error, StringComparison.Ordinal);
        Assert.Empty(await ColumnAsync(first, DatabaseNames.ControlDatabase, "select name from pool"));
        Assert.Equal(
            ["observe-tenants oslo answered"],
            await ColumnAsync(
                first,
                DatabaseNames.ControlDatabase,
                "select kind || ' ' || site || ' ' || state from site_request"
            )
        );
    }

    private static async Task AssertNameIsTakenAsync(SiteHome first)
    {
        await using var third = new SiteHome();
        var joining = third.Options with { Name = "oslo", Control = first.Layout.Home };

        var failure = await Assert.ThrowsAsync<Drivers.Runtimes.Processes.ProcessStartException>(() =>
            third.Site.UpAsync(joining, Cancelled)
        );

        Assert.Contains("site oslo is another home's", failure.Message, StringComparison.Ordinal);
        Assert.Null(await third.Site.UpAsync(joining with { Name = "lisbon" }, Cancelled));
        await LauncherHome.UntilAsync(() => third.PidOf("control-plane") is not null);
    }

    private static async Task<(int Exit, string Error)> RunAsync(params string[] arguments)
    {
        var error = new StringWriter();
        var exit = await CommandLine.RunAsync(
            arguments,
            LocalCommands.All(TimeProvider.System),
            TextWriter.Null,
            error,
            Cancelled
        );
        return (exit, error.ToString());
    }

    private static async Task<string[]> ColumnAsync(SiteHome home, string database, string sql)
    {
        await using var connection = new NpgsqlConnection(
            home.Layout.Cluster.ConnectionString(database, SitePostgres.Superuser)
        );
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(Cancelled);
        var values = new List<string>();
        while (await reader.ReadAsync(Cancelled))
        {
            values.Add(reader.GetString(0));
        }

        return [.. values];
    }
}
