using System.Globalization;
using Npgsql;
using Tidegate.Cli.Client;
using Tidegate.Contracts.Fleet;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Catalog;
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

    private const string JourneySecret = "journey";
    private const string FirstRelease = "first";

    private readonly string _home = Directory.CreateTempSubdirectory("tg-whole-").FullName;
    private readonly Demo.Story.Repository _repository = Demo.Story.Repository.Find();
    private DemoSite? _site;
    private ReleaseShelf? _shelf;
    private int _releases;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The shops of the site, all in one pool.</summary>
    protected virtual IReadOnlyList<TenantDocument> Shops => [Shop(Database, Host, "Europe/Oslo")];

    public SiteLayout Layout => new(_home);

    public LocalSite Site => new(Layout, TimeProvider.System);

    public int GatewayPort => _site!.GatewayPort;

    public string ShopPassword { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _site = await DemoSite.UpAsync(_home, TimeProvider.System, Token);
        using var client = Client();
        var core = await ReleaseShelf.FindCoreAsync(_repository, Token);
        _shelf = new ReleaseShelf(await StoreAsync(), client, core, TimeProvider.System);
        var passwords = await ShopPasswords.MakeAsync(_repository.Root, Token);
        ShopPassword = passwords.Shop.Password;
        await File.WriteAllTextAsync(Path.Combine(Layout.Secrets, JourneySecret), passwords.Journey.Password, Token);
        var template = await TemplateFiles.FindAsync(_repository.Root, Token);
        var fleet = new ShopFleet(_site, passwords);
        await fleet.RestoreTemplateAsync(template, Token);
        foreach (var shop in Shops)
        {
            await fleet.FurnishAsync(shop, template, Token);
        }

        await _shelf.AddAsync(FirstRelease, Path.Combine(_repository.SampleAddons, "2026.11.1"), Token);
        await client.PostAsync(
            "/api/fleet",
            new FleetDocument([new PoolDocument("shared", "local", "production", "shared", 2)], Shops),
            Token
        );
    }

    public async ValueTask DisposeAsync()
    {
        await Site.DownAsync(CancellationToken.None);
        Directory.Delete(_home, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected static TenantDocument Shop(string name, string host, string timeZone) =>
        new(name, "shared", name, [host], timeZone, "journey", JourneySecret, FirstRelease);

    public ControlPlaneClient Client() => new($"unix:{Layout.ServerSocket}");

    /// <summary>Registers a release whose module is one version newer than the last one's and migrates by <paramref name="migration"/>, Python that may use <c>cr</c>.</summary>
    public async Task<string> NextReleaseAsync(string migration = "pass")
    {
        var number = ++_releases;
        var name = string.Create(CultureInfo.InvariantCulture, $"2027.1.{number}");
        var version = string.Create(CultureInfo.InvariantCulture, $"19.0.2.{number}.0");
        var addons = Path.Combine(_home, "addons", name);
        await Demo.Shops.Tool.RunAsync("mkdir", ["-p", Path.GetDirectoryName(addons)!], Token);
        await Demo.Shops.Tool.RunAsync(
            "cp",
            ["-r", Path.Combine(_repository.SampleAddons, "2026.11.1"), addons],
            Token
        );
        var manifest = Path.Combine(addons, "shop_suite", "__manifest__.py");
        var text = await File.ReadAllTextAsync(manifest, Token);
        Assert.Contains("19.0.1.0.0", text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(manifest, text.Replace("19.0.1.0.0", version, StringComparison.Ordinal), Token);
        var scripts = Directory.CreateDirectory(Path.Combine(addons, "shop_suite", "migrations", version));
        await File.WriteAllTextAsync(
            Path.Combine(scripts.FullName, "post-test.py"),
            $"import time\n\n\ndef migrate(cr, version):\n    {migration}\n",
            Token
        );
        using var client = Client();
        var shelf = new ReleaseShelf(
            await StoreAsync(),
            client,
            await ReleaseShelf.FindCoreAsync(_repository, Token),
            TimeProvider.System
        );
        await shelf.AddAsync(name, addons, Token);
        return name;
    }

    private async Task<BundleStore> StoreAsync() =>
        new(Layout.Bundles, await ReleaseShelf.FindShareAsync(_repository, Token));

    /// <summary>Starts a rollout, once the one of the test before has ended.</summary>
    public async Task<string> StartAsync(string release)
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
            new StartRollout(release, "production"),
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
