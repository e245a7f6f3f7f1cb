using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Tidegate.ControlPlane.Storage;
using Tidegate.Drivers.Databases;

namespace Tidegate.IntegrationTests.Fixtures;

/// <summary>
/// A private PostgreSQL cluster for one test class (<c>IClassFixture&lt;PostgresCluster&gt;</c>): unix socket only, every
/// local role trusted. Killed and removed at the end. Without fsync: that is against a machine that loses its power,
/// and what tests end is processes, which the page cache outlives.
/// </summary>
public sealed class PostgresCluster : IAsyncLifetime
{
    private const string Template = "control_template";
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("tidegate-pg-").FullName;
    private readonly SemaphoreSlim _templateTurn = new(1, 1);
    private Process? _postmaster;
    private bool _hasTemplate;

    /// <summary>How the product reaches this cluster.</summary>
    public SitePostgres Site => new(_folder, 5432);

    public string DataDirectory => Path.Combine(_folder, "data");

    /// <summary>Extra lines of postgresql.conf; set before the cluster starts (a derived fixture's constructor).</summary>
    public string Settings { get; init; } = "";

    public async ValueTask InitializeAsync()
    {
        if (PostgresTools.RunsAsRoot)
        {
            await PostgresTools.RunAsync("chown", PostgresTools.User, _folder);
        }

        await PostgresTools.RunAsServerAsync(
            PostgresTools.Binary("initdb"),
            ["-D", DataDirectory, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        );
        await StartAsync();
    }

    /// <summary>Starts the server, also after <see cref="KillAsync"/>, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        _postmaster = PostgresTools.StartAsServer(
            PostgresTools.Binary("postgres"),
            [
                "-D",
                DataDirectory,
                .. Options(
                    "listen_addresses=",
                    $"unix_socket_directories={_folder}",
                    "port=5432",
                    "max_connections=60",
                    "fsync=off",
                    "full_page_writes=off"
                ),
                .. Options(Settings.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            ]
        );
        using var bound = new CancellationTokenSource(StartBound);
        while (!await AnswersAsync(bound.Token))
        {
            Assert.False(_postmaster.HasExited, "PostgreSQL ended while it started");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, bound.Token);
        }
    }

    /// <summary>SIGKILL to the server and every backend.</summary>
    public async Task KillAsync()
    {
        var postmaster = _postmaster ?? throw new InvalidOperationException("The cluster does not run.");
        var children = PostgresTools.ChildrenOf(postmaster.Id);
        postmaster.Kill();
        foreach (var child in children)
        {
            PostgresTools.Kill(child);
        }

        await postmaster.WaitForExitAsync(TestContext.Current.CancellationToken);
        File.Delete(Path.Combine(DataDirectory, "postmaster.pid"));
    }

    /// <summary>Whether a backend's process title has this text: what it shows before any view lists it.</summary>
    public bool HasBackendTitled(string text) =>
        _postmaster is { HasExited: false } postmaster
        && PostgresTools
            .ChildrenOf(postmaster.Id)
            .Any(child => PostgresTools.TitleOf(child).Contains(text, StringComparison.Ordinal));

    /// <summary>An open connection; whoever asked closes it.</summary>
    public async Task<NpgsqlConnection> OpenAsync(string database, string role = "postgres", string? options = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(Site.ConnectionString(database, role, "test"));
        settings.Options = options ?? settings.Options;
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    /// <summary>A control database of its own, as new as this code; how to reach it.</summary>
    public async Task<string> ControlDatabaseAsync()
    {
        var name = $"control_{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):n}";
        await _templateTurn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!_hasTemplate)
            {
                await ExecuteAsync("postgres", $"create database {Template}");
                ControlDatabase.Upgrade(Site.ConnectionString(Template, "postgres"));
                _hasTemplate = true;
            }

            await ExecuteAsync("postgres", $"create database {name} template {Template}");
        }
        finally
        {
            _templateTurn.Release();
        }

        return Site.ConnectionString(name, "postgres");
    }

    /// <summary>Runs statements one by one on a connection of their own.</summary>
    public async Task ExecuteAsync(string database, params string[] statements)
    {
        await using var connection = await OpenAsync(database);
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The first column of the first row as text; null when there is none.</summary>
    public async Task<string?> ScalarAsync(string database, string query, string role = "postgres")
    {
        await using var connection = await OpenAsync(database, role);
        await using var command = new NpgsqlCommand(query, connection);
        var value = await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        return value is null or DBNull ? null : Convert.ToString(value, CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        if (_postmaster is { HasExited: false })
        {
            await KillAsync();
        }

        _postmaster?.Dispose();
        _templateTurn.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(Site.ConnectionString("postgres", "postgres"));
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false; // not listening yet, or still recovering
        }
    }

    private static IEnumerable<string> Options(params IEnumerable<string> settings) =>
        settings.SelectMany(setting => new[] { "-c", setting });
}
