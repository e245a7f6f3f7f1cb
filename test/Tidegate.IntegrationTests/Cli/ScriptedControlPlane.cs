using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Tidegate.Cli;
using Tidegate.Contracts;
using Tidegate.Contracts.Fleet;
using Tidegate.ControlPlane.Accounts;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Checkpoints;
using Tidegate.ControlPlane.Configuration;
using Tidegate.ControlPlane.Copies;
using Tidegate.ControlPlane.Drift;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Following;
using Tidegate.ControlPlane.Ledger;
using Tidegate.ControlPlane.Measurements;
using Tidegate.ControlPlane.Parity;
using Tidegate.ControlPlane.Refreshes;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.ControlPlane.Sites;
using Tidegate.ControlPlane.Storage;
using Tidegate.Drivers.Accounts;
using Tidegate.Drivers.Catalog;
using Tidegate.Drivers.Ledger;
using Tidegate.Drivers.Objects;
using Tidegate.Drivers.Sites;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.Server.Commands;
using Tidegate.Server.Roles;
using Tidegate.Simulator.Following;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Cli;

/// <summary>The control plane over real PostgreSQL with its API on a unix socket, and the command line before it; only the site is scripted.</summary>
internal sealed class ScriptedControlPlane : IAsyncDisposable
{
    private readonly SiteLayout _layout;
    private readonly WebApplication _application;
    private readonly string _connection;

    private ScriptedControlPlane(
        SiteLayout layout,
        WebApplication application,
        string connection,
        SiteScript script,
        InMemoryFleetSource repositories
    )
    {
        _layout = layout;
        _application = application;
        _connection = connection;
        Script = script;
        Repositories = repositories;
    }

    /// <summary>The repositories that it may follow.</summary>
    public InMemoryFleetSource Repositories { get; }

    public SiteScript Script { get; }

    /// <summary>The control database, as the server sees it.</summary>
    public NpgsqlDataSource Database => _application.Services.GetRequiredService<NpgsqlDataSource>();

    /// <summary>What the server is made of.</summary>
    public IServiceProvider Services => _application.Services;

    /// <summary>The folder of the bundle store that the server would read.</summary>
    public string Home => _layout.Home;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Running, with releases 2026.11.1 to 2026.11.3, and tenants t1, t2, … on the first.</summary>
    /// <param name="databases">Of the tenants, in order; db1 to db3 when null.</param>
    /// <param name="drivers">Takes the place of parts of the scripted site.</param>
    public static async Task<ScriptedControlPlane> StartAsync(
        PostgresCluster cluster,
        Action<IServiceCollection>? drivers = null,
        params IReadOnlyList<string>? databases
    )
    {
        var connection = new NpgsqlConnectionStringBuilder(await cluster.ControlDatabaseAsync())
        {
            Pooling = true,
        }.ConnectionString;
        var plane = await ServeAsync("local", connection, new(), drivers);
        await plane.FillAsync();
        await plane.SucceedAsync(
            "fleet",
            "apply",
            "--file",
            await plane.WriteFleetAsync(databases is null or [] ? ["db1", "db2", "db3"] : databases)
        );
        return plane;
    }

    /// <summary>Another server, of another site, over the same control database.</summary>
    public Task<ScriptedControlPlane> JoinAsync(string site, Action<IServiceCollection>? drivers = null) =>
        ServeAsync(site, _connection, Repositories, drivers);

    /// <summary>Sends a request to the API as it is.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        using var client = new HttpClient(
            new SocketsHttpHandler
            {
                ConnectCallback = async (_, token) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(ServerRole.OwnSocket(_layout)), token);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }
        )
        {
            BaseAddress = new Uri("http://tidegate"),
        };
        return await client.SendAsync(request, Token);
    }

    /// <summary>Puts a secret into the home's folder.</summary>
    public Task WriteSecretAsync(string name, string secret)
    {
        Directory.CreateDirectory(_layout.Secrets);
        return File.WriteAllTextAsync(Path.Join(_layout.Secrets, name), secret + "\n", Token);
    }

    /// <summary>Runs a command line against it.</summary>
    public Task<CliAnswer> RunAsync(params string[] arguments) => RunAsync(new StringWriter(), arguments);

    /// <summary>Runs a command line against it whose error stream is looked at meanwhile.</summary>
    public async Task<CliAnswer> RunAsync(StringWriter error, params string[] arguments)
    {
        var output = new StringWriter();
        var exit = await CommandLine.RunAsync(
            [.. arguments, "--server", $"unix:{ServerRole.OwnSocket(_layout)}"],
            LocalCommands.All(TimeProvider.System),
            output,
            error,
            Token
        );
        return new CliAnswer(exit, output.ToString(), error.ToString());
    }

    /// <summary>Starts a rollout; its id.</summary>
    public async Task<string> StartRolloutAsync(string release = "2026.11.2", params string[] more)
    {
        var started = await RunAsync(["rollout", "start", "--release", release, .. more]);
        Assert.True(started.Exit == ExitCodes.Done, started.Error);
        return started.Output.Trim();
    }

    /// <summary>The rollout's tenants as text, once they are as asked for.</summary>
    public async Task<string> UntilAsync(string rollout, string shows)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Token);
        bound.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            var shown = await RunAsync("rollout", "show", rollout);
            if (shown.Output.Contains(shows, StringComparison.Ordinal))
            {
                return shown.Output;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, bound.Token);
        }
    }

    /// <summary>The ledger's lines of one kind, as text.</summary>
    public Task<string[]> LedgerAsync(string kind) =>
        QueryAsync("select concat_ws(' ', actor, tenant, step, reason) from ledger where kind = $1 order by id", kind);

    /// <summary>The texts in the first column of what the control database answers.</summary>
    public async Task<string[]> QueryAsync(string query, params string[] values)
    {
        await using var connection = new NpgsqlConnection(_connection);
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(query, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(Token);
        while (await reader.ReadAsync(Token))
        {
            lines.Add(reader.GetString(0));
        }

        return [.. lines];
    }

    /// <summary>Waits until the control database answers with this one text.</summary>
    public async Task UntilQueryAsync(string query, string answer)
    {
        string[] found = [];
        await Eventually.IsTrueAsync(
            async () => (found = await QueryAsync(query)) is [var one] && one == answer,
            () => $"{query} answers [{string.Join(", ", found)}], not [{answer}]"
        );
    }

    /// <summary>A heartbeat now, so that what its store holds is known.</summary>
    public Task BeatAsync() => _application.Services.GetRequiredService<SiteHeartbeat>().BeatAsync(Token);

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(CancellationToken.None); // also when the test was cancelled
        await _application.Services.GetRequiredService<NpgsqlDataSource>().DisposeAsync();
        await _application.DisposeAsync();
        await using (var connection = new NpgsqlConnection(_connection))
        {
            NpgsqlConnection.ClearPool(connection);
        }

        Directory.Delete(_layout.Home, recursive: true);
    }

    /// <summary>A fleet file with tenants t1, t2, … of these databases; its path.</summary>
    public async Task<string> WriteFleetAsync(IReadOnlyList<string> databases, params string[] externalRoles)
    {
        var fleet = new FleetDocument(
            [new PoolDocument("shared", "local", "production", "shared", Workers: 2)],
            [
                .. databases.Select(
                    (database, index) =>
                        new TenantDocument(
                            $"t{index + 1}",
                            "shared",
                            database,
                            [$"t{index + 1}.example"],
                            "Europe/Oslo",
                            "admin",
                            "journey",
                            "2026.11.1",
                            ExternalRoles: externalRoles
                        )
                ),
            ]
        );
        var file = Path.Combine(_layout.Home, "fleet.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(fleet, ApiJson.Options), Token);
        return file;
    }

    private static async Task<ScriptedControlPlane> ServeAsync(
        string site,
        string connection,
        InMemoryFleetSource repositories,
        Action<IServiceCollection>? drivers
    )
    {
        var layout = new SiteLayout(Directory.CreateTempSubdirectory("tg-cli-").FullName);
        Directory.CreateDirectory(layout.Run);
        var script = new SiteScript();
        var application = ServerRole.Build(
            layout,
            connection,
            new ServedSites([new(site)], $"engine/{site}", TimeSpan.FromSeconds(1)),
            services =>
            {
                services
                    .AddLogging(logging => logging.ClearProviders())
                    .AddSingleton(script.Handlers)
                    .AddSingleton<ITenantObserver>(script)
                    .AddSingleton<ITenantPlacement>(script)
                    .AddSingleton<IReleaseContents>(script)
                    .AddSingleton<ISiteBundles>(script)
                    .AddSingleton<IUpgradeLease>(script)
                    .AddSingleton<ISiteCheckpoints>(script)
                    .AddSingleton<CopiesScript>()
                    .AddSingleton<ISiteCopies>(provider => provider.GetRequiredService<CopiesScript>())
                    .AddSingleton<ISiteFactsReader>(script)
                    .AddSingleton<IHostProbe>(script)
                    .AddSingleton<IParityReader>(script)
                    .AddSingleton<ILiveState>(script)
                    .AddSingleton<ISiteRestores>(script.Restores)
                    .AddSingleton<ISiteStaging>(script.Staging)
                    .AddSingleton<IObjectStore>(new FolderObjectStore(layout.Objects, TimeProvider.System))
                    .AddSingleton<IModuleInspector, ModuleInspector>()
                    .AddSingleton<ILedgerKeys>(new LedgerKeyFile(layout))
                    .AddSingleton<IBootstrapFile>(new BootstrapFile(layout))
                    .AddSingleton<IFleetSource>(repositories)
                    .AddSingleton<IWebhookSecrets>(new HomeSecrets(layout));
                drivers?.Invoke(services);
            }
        );
        await ServerRole.PrepareAsync(application.Services, $"cluster of {site}", Token);
        await application.StartAsync(Token);
        return new ScriptedControlPlane(layout, application, connection, script, repositories);
    }

    private async Task FillAsync()
    {
        for (var number = 1; number <= 3; number++)
        {
            var digest = $"sha256:{new string((char)('0' + number), 64)}";
            await SucceedAsync("release", "register", "--name", $"2026.11.{number}", "--digest", digest);
        }
    }

    /// <summary>Runs a command line that has to work.</summary>
    public async Task SucceedAsync(params string[] arguments)
    {
        var answer = await RunAsync(arguments);
        Assert.True(answer.Exit == ExitCodes.Done, answer.Transcript);
    }
}

/// <summary>What a command line ended with and wrote.</summary>
internal sealed record CliAnswer(int Exit, string Output, string Error)
{
    /// <summary>All of it, as a terminal would show it.</summary>
    public string Transcript => $"{Output}{Error}exit code {Exit}\n";
}
