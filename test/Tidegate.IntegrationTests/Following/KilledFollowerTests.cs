using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Tidegate.Cli;
using Tidegate.Drivers.Databases;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.IntegrationTests.Runtimes;
using Tidegate.Server.Commands;

namespace Tidegate.IntegrationTests.Following;

/// <summary>A server with real git and real PostgreSQL that is killed (SIGKILL) somewhere in a round, again and again.</summary>
public sealed class KilledFollowerTests
{
    private const int Tenants = 60;
    private const int Kills = 6;

    /// <summary>Where in a round it is killed; printed when the test fails.</summary>
    private readonly int _seed = Environment.TickCount;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whenever_the_server_is_killed_every_commit_is_taken_once_and_nothing_is_left_undone()
    {
        await using var home = new SiteHome();
        var repository = Path.Combine(home.Layout.Home, "fleet");
        Assert.Null(await home.Site.UpAsync(home.Options, Cancelled));
        await ColumnAsync(
            home,
            $"insert into release (name, digest, registered_at, registered_by) values ('r1', 'sha256:{new string('1', 64)}', now(), 'test')"
        );
        Directory.CreateDirectory(repository);
        await GitAsync(repository, "init", "--quiet", "--initial-branch=main");
        await WriteAsync(repository);
        await CommitAsync(repository, "The fleet");
        await SucceedAsync(home, "fleet", "follow", repository, "--interval", "1d");

        var random = new Random(_seed);
        for (var kill = 0; kill < Kills; kill++)
        {
            await File.WriteAllTextAsync(
                Path.Combine(repository, "environments", "production.yaml"),
                $"release: r{1 + (kill % 2)}\npolicy: careful\nupstream: [staging]\nsoak: {kill}s\n",
                Cancelled
            );
            await CommitAsync(repository, $"Change {kill}");
            var syncing = RunAsync(home, "fleet", "sync");
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 600)), TimeProvider.System, Cancelled);
            var server = home.PidOf("control-plane")!.Value;
            LauncherHome.Kill(server);
            await syncing;
            await LauncherHome.UntilAsync(() => home.PidOf("control-plane") != server);
            Assert.Null(await home.Site.UpAsync(home.Options, Cancelled));
        }

        var last = await RunAsync(home, "fleet", "sync");

        Assert.True(last.Exit == ExitCodes.Blocked, $"{last.Text} (seed {_seed})"); // their databases do not exist
        Assert.Contains("database shop_1 of t1 does not exist", last.Text, StringComparison.Ordinal);
        var head = (await GitAsync(repository, "rev-parse", "HEAD")).Trim();
        Assert.Equal(
            [$"{head} r2 00:00:05"],
            await ColumnAsync(
                home,
                "select s.good_commit || ' ' || e.release_name || ' ' || e.soak from source s, environment_terms e where e.environment = 'production'"
            )
        );
        Assert.Equal(
            [Tenants.ToString(CultureInfo.InvariantCulture)],
            await ColumnAsync(home, "select count(*)::text from unsettled where kind = 'tenant'")
        );
        Assert.Empty(
            await ColumnAsync(
                home,
                "select reason from ledger where reason like 'state taken: %' group by reason having count(*) > 1"
            )
        );
        // Each is asked for by the commit that changed it, and once: no row follows one of the same release.
        Assert.Empty(
            await ColumnAsync(
                home,
                """
                select commit from (
                    select commit, release_name, lag(release_name) over (order by id) as before from planned_work) w
                 where release_name = before
                """
            )
        );
    }

    private static async Task WriteAsync(string repository)
    {
        var files = new List<(string Path, string Text)>
        {
            ("tidegate.yaml", "organisation: Shops\n"),
            ("sites/local.yaml", "{}\n"),
            ("policies/careful.yaml", "start: manual\n"),
            ("environments/staging.yaml", "{}\n"),
            ("environments/production.yaml", "release: r1\npolicy: careful\n"),
            ("pools/shared.yaml", "site: local\nenvironment: production\n"),
            ("releases/r1.yaml", $"digest: sha256:{new string('1', 64)}\n"),
            ("releases/r2.yaml", $"digest: sha256:{new string('2', 64)}\n"),
        };
        files.AddRange(
            Enumerable
                .Range(1, Tenants)
                .Select(number =>
                    (
                        $"tenants/t{number}.yaml",
                        $"pool: shared\ndatabase: shop_{number}\nhosts: [t{number}.example]\ntimeZone: Europe/Oslo\njoinsOn: r1\njourneys:\n  login: admin\n  secret: journey\n"
                    )
                )
        );
        foreach (var (path, text) in files)
        {
            var file = Path.Combine(repository, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, text, Cancelled);
        }
    }

    private static async Task CommitAsync(string repository, string subject)
    {
        await GitAsync(repository, "add", "--all");
        await GitAsync(
            repository,
            "-c",
            "user.name=Ann Lee",
            "-c",
            "user.email=ann@example.com",
            "commit",
            "--quiet",
            "-m",
            subject
        );
    }

    private static async Task<string> GitAsync(string repository, params string[] arguments)
    {
        using var git = Process.Start(
            new ProcessStartInfo("git", ["-C", repository, .. arguments])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var output = await git.StandardOutput.ReadToEndAsync(Cancelled);
        await git.WaitForExitAsync(Cancelled);
        Assert.Equal(0, git.ExitCode);
        return output;
    }

    private static async Task SucceedAsync(SiteHome home, params string[] arguments)
    {
        var (exit, text) = await RunAsync(home, arguments);
        Assert.True(exit == ExitCodes.Done, text);
    }

    private static async Task<(int Exit, string Text)> RunAsync(SiteHome home, params string[] arguments)
    {
        var text = new StringWriter();
        var exit = await CommandLine.RunAsync(
            [.. arguments, "--server", $"unix:{home.Layout.ServerSocket}"],
            LocalCommands.All(TimeProvider.System),
            text,
            text,
            Cancelled
        );
        return (exit, text.ToString());
    }

    private static async Task<string[]> ColumnAsync(SiteHome home, string sql)
    {
        await using var connection = new NpgsqlConnection(
            home.Layout.Cluster.ConnectionString(DatabaseNames.ControlDatabase, SitePostgres.Superuser)
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
