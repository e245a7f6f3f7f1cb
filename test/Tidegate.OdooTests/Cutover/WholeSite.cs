using System.Globalization;
using Npgsql;
using Tidegate.Cli.Client;
using Tidegate.Contracts.Fleet;
using Tidegate.Contracts.Rollouts;
using Tidegate.Demo.Shops;
using Tidegate.Demo.Story;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Cutover;

/// <summary>Makes the tests that take <see cref="WholeSite"/> share one, and run one after another.</summary>
[CollectionDefinition(nameof(WholeSite))]
public sealed class WholeSiteTests : ICollectionFixture<WholeSite>;

/// <summary>A whole site of real parts with one real shop on it. Each test takes the shop to a release of its own, so that one site serves them all.</summary>
public class WholeSite : IAsyncLifetime
{
    public const string Database = "shop-oslo";

    public const string Host = "shop-oslo.localhost";

    private readonly string _home = Directory.CreateTempSubdirectory("tg-whole-").FullName;
    private ShopSite? _site;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The shops of the site, all in one pool.</summary>
    protected virtual IReadOnlyList<TenantDocument> Shops => [Shop(Database, Host, "Europe/Oslo")];

    public SiteLayout Layout => new(_home);

    public LocalSite Site => new(Layout, TimeProvider.System);

    public int GatewayPort => _site!.GatewayPort;

    public string ShopPassword => _site!.Passwords.Shop.Password;

    public string JourneyPassword => _site!.Passwords.Journey.Password;

    public virtual async ValueTask InitializeAsync() =>
        _site = await ShopSite.UpAsync(_home, Shops, TimeProvider.System, Token);

    public async ValueTask DisposeAsync()
    {
        await (_site?.DisposeAsync() ?? ValueTask.CompletedTask);
        GC.SuppressFinalize(this);
    }

    protected static TenantDocument Shop(string name, string host, string timeZone) =>
        new(
            name,
            "shared",
            name,
            [host],
            timeZone,
            StoryFleet.JourneyLogin,
            StoryFleet.JourneySecret,
            StoryFleet.FirstRelease
        );

    /// <summary>One shop more, in a pool of its own.</summary>
    protected Task JoinAsync(PoolDocument pool, TenantDocument shop) => _site!.JoinAsync(pool, shop, Token);

    public ControlPlaneClient Client() => new($"unix:{Layout.ServerSocket}");

    /// <summary>Registers a release whose module is one version newer than the last one's and migrates by <paramref name="migration"/>, Python that may use <c>cr</c>.</summary>
    public async Task<string> NextReleaseAsync(string migration = "pass") =>
        (await _site!.NextReleaseAsync(migration, Token)).Name;

    /// <summary>Starts a rollout, once the one of the test before has ended.</summary>
    public async Task<string> StartAsync(string release, string environment = "production")
    {
        await Eventually.IsTrueAsync(
            async () =>
                await ScalarAsync(DatabaseNames.ControlDatabase, "select count(*) from rollout where state = 'running'")
                    is "0",
            "the rollout of the test before ends"
        );
        using var client = Client();
        var started = await client.PostAsync<StartRollout, StartedRollout>(
            "/api/rollouts",
            new StartRollout(release, environment),
            Token
        );
        return started.Id;
    }

    public async Task<RolloutView> FindAsync(string rollout)
    {
        using var client = Client();
        return await client.GetAsync<RolloutView>($"/api/rollouts/{rollout}", Token);
    }

    /// <summary>Waits until the rollout has ended; a control plane that does not answer meanwhile is waited for.</summary>
    public async Task<RolloutView> EndAsync(string rollout)
    {
        RolloutView? view = null;
        await Eventually.IsTrueAsync(
            async () =>
            {
                try
                {
                    view = await FindAsync(rollout);
                    return view.State is "ended" || view.Tenants[0].State is "asking";
                }
                catch (ProblemException)
                {
                    return false;
                }
            },
            $"rollout {rollout} ends"
        );
        return view!;
    }

    /// <summary>Waits until an attempt at the step of the rollout's only tenant has begun and not ended.</summary>
    public Task UntilRunsAsync(string rollout, string step) =>
        Eventually.IsTrueAsync(
            async () =>
                await ScalarAsync(
                    DatabaseNames.ControlDatabase,
                    """
                    select count(*) from step_run s join upgrade u on u.id = s.upgrade
                     where u.rollout = $1 and s.step = $2
                    """,
                    rollout,
                    step
                )
                    is not "0",
            $"step {step} runs"
        );

    /// <summary>SIGKILL to a process of the site and nothing else. It has ended when this returns.</summary>
    public Task KillAsync(string process)
    {
        var pid = PidOf(process);
        Assert.NotNull(pid);
        Native.Send(pid.Value, Signal.Kill);
        return Eventually.IsTrueAsync(() => Task.FromResult(PidOf(process) != pid), $"{process} has ended");
    }

    /// <summary>The living process of this name, or null.</summary>
    public int? PidOf(string process) => Site.Status().Processes.SingleOrDefault(found => found.Name == process)?.Pid;

    /// <summary>Starts what of the site does not run.</summary>
    public async Task UpAgainAsync() =>
        Assert.Null(await Site.UpAsync(new SiteOptions(GatewayPort, PostgresBinaries.Find()!), Token));

    public async Task<string?> ScalarAsync(string database, string sql, params string[] parameters)
    {
        await using var session = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, session);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        var value = await command.ExecuteScalarAsync(Token);
        return value is null or DBNull ? null : Convert.ToString(value, CultureInfo.InvariantCulture);
    }

    public async Task<NpgsqlConnection> OpenAsync(string database)
    {
        var session = new NpgsqlConnection(Layout.Cluster.ConnectionString(database, SitePostgres.Superuser));
        await session.OpenAsync(Token);
        return session;
    }
}
