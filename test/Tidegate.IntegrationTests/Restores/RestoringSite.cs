using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Tidegate.Cli;
using Tidegate.Contracts;
using Tidegate.Contracts.Fleet;
using Tidegate.Contracts.Restores;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Protection;
using Tidegate.ControlPlane.Refreshes;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.ControlPlane.Sites;
using Tidegate.Drivers;
using Tidegate.Drivers.Databases;
using Tidegate.IntegrationTests.Backups;
using Tidegate.IntegrationTests.Cli;
using Tidegate.Server.Commands;
using Tidegate.Server.Roles;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Restores;

/// <summary>
/// A site whose PostgreSQL archives, with its real control plane and the command line before it. Of rollouts there is what
/// they do to databases: <see cref="DatabaseSteps"/>.
/// </summary>
internal sealed class RestoringSite : IAsyncDisposable
{
    private readonly BackedUpSite _site;
    private readonly SiteScript _script = new();
    private WebApplication? _server;

    private RestoringSite(BackedUpSite site) => _site = site;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Each tenant has a pool and an environment to itself: a rollout is for one of them.</summary>
    private static PoolName PoolOf(string tenant) => new(tenant);

    private string Connection =>
        new NpgsqlConnectionStringBuilder(
            _site.Home.Layout.Cluster.ConnectionString(DatabaseNames.ControlDatabase, DatabaseNames.ControlRole)
        )
        {
            Pooling = true,
        }.ConnectionString;

    /// <summary>Running, with releases 2026.11.1 to 2026.11.3 and these tenants on the first, each of one order.</summary>
    public static async Task<RestoringSite> StartAsync(BackedUpSite site, params string[] tenants)
    {
        var made = new RestoringSite(site);
        await made.ServeAsync();
        for (var number = 1; number <= 3; number++)
        {
            if (
                !(await made.RunAsync("release", "list")).Output.Contains($"2026.11.{number}", StringComparison.Ordinal)
            )
            {
                await made.SucceedAsync(
                    "release",
                    "register",
                    "--name",
                    $"2026.11.{number}",
                    "--digest",
                    made._script.Bundles[number - 1].Value
                );
            }
        }

        foreach (var tenant in tenants)
        {
            await made.AddAsync(tenant);
        }

        return made;
    }

    /// <summary>The control plane, again after <see cref="KillAsync"/>.</summary>
    public async Task ServeAsync()
    {
        var layout = _site.Home.Layout;
        File.Delete(ServerRole.OwnSocket(layout)); // of the one before
        _server = ServerRole.Build(
            layout,
            Connection,
            new ServedSites([_site.Name], "engine/test", TimeSpan.FromSeconds(2)),
            services =>
                services
                    .AddLogging(logging => logging.ClearProviders())
                    .AddDrivers(layout)
                    .AddSingleton<ITenantObserver>(_script)
                    .AddSingleton<ITenantPlacement>(_script)
                    .AddSingleton<IReleaseContents>(_script)
                    .AddSingleton<ISiteBundles>(_script)
                    .AddSingleton<IUpgradeLease>(_script)
                    .AddSingleton<ISiteStaging, MaskedOrders>()
                    .AddSingleton(DatabaseSteps.Of)
        );
        await ServerRole.PrepareAsync(_server.Services, await SiteDatabase.IdentityAsync(layout.Cluster, Token), Token);
        await _server.StartAsync(Token);
    }

    /// <summary>Stops the control plane in the middle of what it does: nothing is finished, nothing is cleaned.</summary>
    public async Task KillAsync()
    {
        await _server!.StopAsync(CancellationToken.None);
        await _server.Services.GetRequiredService<NpgsqlDataSource>().DisposeAsync();
        await _server.DisposeAsync();
        _server = null;
    }

    public async Task<CliAnswer> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = await CommandLine.RunAsync(
            [.. arguments, "--server", $"unix:{ServerRole.OwnSocket(_site.Home.Layout)}"],
            LocalCommands.All(TimeProvider.System),
            output,
            error,
            Token
        );
        return new(exit, output.ToString(), error.ToString());
    }

    public async Task<CliAnswer> SucceedAsync(params string[] arguments)
    {
        var answer = await RunAsync(arguments);
        Assert.True(answer.Exit == ExitCodes.Done, answer.Transcript);
        return answer;
    }

    /// <summary>One tenant goes to a release; its database is another one afterwards, with one column more.</summary>
    public async Task UpgradeAsync(string tenant, string release)
    {
        var started = await SucceedAsync("rollout", "start", "--release", release, "--environment", tenant);
        var rollout = started.Output.Trim();
        await Eventually.IsTrueAsync(
            async () => await ControlAsync($"select coalesce(outcome, '') from rollout where id = '{rollout}'") != "",
            () => $"rollout {rollout} does not end"
        );
        Assert.Equal("completed", await ControlAsync($"select outcome from rollout where id = '{rollout}'"));
    }

    public Task SellAsync(string tenant, string note, int orders = 1) =>
        _site.ExecuteAsync(
            tenant,
            $"set role {Sql.Name(DatabaseNames.Owner(tenant))}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"insert into sale_order (note) select {Sql.Text(note)} from generate_series(1, {orders})"
            )
        );

    /// <summary>An attachment with its file.</summary>
    /// <returns>Where the file lies.</returns>
    public async Task<string> AttachAsync(string tenant, string content)
    {
#pragma warning disable CA5350 // Odoo's name of a file, not a proof
        var sha1 = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(content)));
#pragma warning restore CA5350
        var path = Path.Join(_site.Home.Layout.Filestore(PoolOf(tenant), tenant), sha1[..2], sha1);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, content, Token);
        await _site.ExecuteAsync(
            tenant,
            $"set role {Sql.Name(DatabaseNames.Owner(tenant))}",
            $"insert into ir_attachment (store_fname) values ('{sha1[..2]}/{sha1}')"
        );
        return path;
    }

    /// <summary>Notes and columns of a database's orders.</summary>
    public async Task<string> OrdersAsync(string database) =>
        await _site.ScalarAsync(database, "select string_agg(note, ',' order by id) from sale_order")
        + " in "
        + await _site.ScalarAsync(
            database,
            "select string_agg(attname, ',' order by attnum) from pg_attribute where attrelid = 'sale_order'::regclass and attnum > 4 and not attisdropped"
        );

    public Task<string> ControlAsync(string query) => _site.ScalarAsync(DatabaseNames.ControlDatabase, query);

    /// <summary>Restores and waits; the state as it was brought.</summary>
    public async Task<RestoredStateView> RestoreAsync(string tenant, string to, params string[] more)
    {
        var answer = await RunAsync(["tenant", "restore", tenant, "--to", to, "--no-wait", .. more]);
        Assert.True(answer.Exit == ExitCodes.Done, answer.Transcript);
        var job = answer.Output.Trim();
        await EndAsync(job);
        var failure = await ControlAsync($"select failure from job where id = '{job}'");
        Assert.True(failure == "", failure);
        var state = JsonSerializer.Deserialize<RestoredStateView>(
            await ControlAsync($"select result from job where id = '{job}'"),
            ApiJson.Options
        )!;
        if (state.Rollout is { } rollout)
        {
            await Eventually.IsTrueAsync(
                async () =>
                    await ControlAsync($"select coalesce(outcome, '') from rollout where id = '{rollout}'") != "",
                () => $"rollout {rollout} does not end"
            );
        }

        return state;
    }

    public Task EndAsync(string job) =>
        Eventually.IsTrueAsync(
            async () => await ControlAsync($"select state from job where id = '{job}'") == "ended",
            () => $"job {job} does not end"
        );

    /// <summary>What restores make: databases, roles, folders, processes, records.</summary>
    public async Task<string> RemainsAsync()
    {
        var layout = _site.Home.Layout;
        var databases = await _site.ScalarAsync(
            "postgres",
            "select string_agg(datname, ' ' order by datname) from pg_database where datname like '%\\_\\_back\\_%'"
        );
        var records = await _site.ScalarAsync("postgres", "select string_agg(database, ' ') from tidegate.restored");
        string[] folders =
        [
            .. new[] { layout.WorkFolder, layout.Restored }
                .Where(Directory.Exists)
                .SelectMany(Directory.EnumerateFileSystemEntries),
        ];
        var processes = _site
            .Launcher.Names()
            .Where(name =>
                name.StartsWith("side.", StringComparison.Ordinal)
                || name.StartsWith("fetch.", StringComparison.Ordinal)
            );
        var roles = await _site.ScalarAsync("postgres", "select count(*) from pg_roles");
        return $"[{databases}] [{records}] [{string.Join(' ', folders)}] [{string.Join(' ', processes)}] {roles} roles";
    }

    /// <summary>What counts as a restore of a tenant by itself, as the gate <c>protected</c> reads it.</summary>
    public async Task<IReadOnlyList<RestoreProof>> ProofsAsync(string tenant) =>
        [
            .. (await _server!.Services.GetRequiredService<ProofStore>().RestoresAsync([_site.Name], Token))
                .Where(each => each.Tenant.Value == tenant)
                .Select(each => each.Proof),
        ];

    /// <summary>Git says that these are copies, since yesterday, and no others.</summary>
    public Task SayCopiesAsync(params (string Tenant, CopyTerms Terms)[] copies) =>
        _server!
            .Services.GetRequiredService<StagingStore>()
            .ReplaceAsync(
                [
                    .. copies.Select(copy => new StagingTenant(
                        new(copy.Tenant),
                        "UTC",
                        copy.Terms,
                        TimeProvider.System.GetUtcNow().AddDays(-1)
                    )),
                ],
                Token
            );

    /// <summary>Lets the copies of a tenant go: what one test keeps is a leftover to the next.</summary>
    public async Task DropCopiesAsync(string tenant)
    {
        var copies = await ControlAsync(
            $"select string_agg(id, ' ') from data_copy where tenant = '{tenant}' and gone_at is null"
        );
        foreach (var copy in copies.Split(' '))
        {
            await SucceedAsync("copies", "drop", copy, "--yes");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await KillAsync();
        }

        await using var connection = new NpgsqlConnection(Connection);
        NpgsqlConnection.ClearPool(connection);
    }

    /// <summary>One tenant more.</summary>
    public async Task AddAsync(string tenant)
    {
        var cluster = _site.Home.Layout.Cluster;
        var roles = new PoolRoles(cluster);
        foreach (var digest in _script.Bundles)
        {
            await roles.EnsureGenerationAsync(PoolOf(tenant), digest, Token);
        }

        await roles.EnsureMigratorAsync(PoolOf(tenant), Token);
        var provisioning = new TenantProvisioning(cluster);
        await provisioning.CreateEmptyAsync(tenant, Token);
        await provisioning.GiveAsync(tenant, DatabaseNames.Generation(PoolOf(tenant), _script.Bundles[0]), Token);
        await _site.ExecuteAsync(
            tenant,
            $"set role {Sql.Name(DatabaseNames.Owner(tenant))}",
            "create table sale_order (id serial primary key, note text, create_date timestamp default (now() at time zone 'utc'), write_date timestamp default (now() at time zone 'utc'))",
            "create table ir_attachment (id serial primary key, store_fname text, url text)",
            "insert into sale_order (note) values ('first')"
        );
        var file = Path.Join(_site.Home.Layout.Home, $"{tenant}.json");
        await File.WriteAllTextAsync(
            file,
            JsonSerializer.Serialize(
                new FleetDocument(
                    [new PoolDocument(tenant, _site.Name.Value, tenant, "dedicated", Workers: 2)],
                    [
                        new TenantDocument(
                            tenant,
                            tenant,
                            tenant,
                            [$"{tenant}.example"],
                            "Europe/Oslo",
                            "admin",
                            "journey",
                            "2026.11.1"
                        ),
                    ]
                ),
                ApiJson.Options
            ),
            Token
        );
        await SucceedAsync("fleet", "apply", "--file", file);
    }
}
