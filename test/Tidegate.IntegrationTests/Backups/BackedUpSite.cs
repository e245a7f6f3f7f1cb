using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Storage;
using Tidegate.Drivers.Backups;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Recovery;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Backups;

/// <summary>A site whose PostgreSQL runs and archives, as <c>site up</c> sets it up. Nothing of it is left at the end.</summary>
public class BackedUpSite : IAsyncLifetime
{
    private NpgsqlDataSource? _control;

    public SiteHome Home { get; } = new();

    public SiteName Name { get; } = new(SiteOptions.DefaultName);

    public ProcessLauncher Launcher { get; private set; } = null!;

    public PgBackRest Repository { get; private set; } = null!;

    public ArchiveFlush Archive { get; private set; } = null!;

    public RestorePoints Points { get; private set; } = null!;

    public SideClusters Side { get; private set; } = null!;

    public BackupStore Store { get; private set; } = null!;

    public JobStore Jobs { get; private set; } = null!;

    public ArchiveWatch Watch { get; private set; } = null!;

    /// <summary>How the control plane's database is reached.</summary>
    public string Control { get; private set; } = "";

    /// <summary>Does the jobs: a turn does one.</summary>
    public JobLoop Loop { get; private set; } = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await PrepareAsync();
        await Home.Site.StartPostgresAsync(Home.Options, Token);
        var (layout, clock) = (Home.Layout, TimeProvider.System);
        var control = layout.Cluster.ConnectionString(DatabaseNames.ControlDatabase, DatabaseNames.ControlRole);
        ControlDatabase.Upgrade(control);
        (Control, _control) = (control, ControlDatabase.Open(control));
        (Store, Jobs) = (new(_control), new(_control, clock));
        Launcher = new(layout.Home, layout.Run, clock);
        (Repository, Archive, Points) = (new(layout), new(layout.Cluster, clock), new(layout.Cluster));
        var commands = new LongCommands(layout, Launcher, clock);
        var catalogue = new BackupCatalogue(Repository, Store, clock);
        var files = new ArchiveFiles(Repository, layout);
        Side = new(
            layout,
            Launcher,
            new(layout, Repository, Store, Archive, Points),
            new(layout, Repository, commands, clock),
            clock
        );
        Watch = new(catalogue, files, layout.Cluster, Store, clock);
        Loop = new(
            Jobs,
            new([Name], "test", TimeSpan.FromSeconds(30)),
            [
                new BackupHandler(
                    Repository,
                    catalogue,
                    new(Repository, Store, new(Store, new(_control))),
                    commands,
                    layout,
                    layout.Cluster,
                    clock
                ),
                new VerifyBackupHandler(
                    catalogue,
                    Store,
                    new(Repository),
                    Archive,
                    files,
                    Side,
                    new(new(layout), new(layout.Cluster, clock)),
                    clock
                ),
            ],
            clock,
            NullLogger<JobLoop>.Instance
        );
    }

    /// <summary>What there is of the home before PostgreSQL starts.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>What has to end after PostgreSQL.</summary>
    protected virtual ValueTask EndAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_control is not null)
        {
            await _control.DisposeAsync();
        }

        await Home.DisposeAsync();
        await EndAsync();
    }

    /// <summary>Orders a job and does it; as it ended.</summary>
    public async Task<Job> DoAsync<TJob, TResult>(JobKind<TJob, TResult> kind, TJob job)
    {
        var id = await Jobs.OrderAsync(kind, new(Name, Name.Value, job, "test", Lane: BackupKinds.Lane), Token);
        Assert.True(await Loop.TurnAsync(Token));
        var done = (await Jobs.FindAsync(id, Token))!;
        Assert.Equal(JobState.Ended, done.State);
        return done;
    }

    public static JobId NewJob() => JobId.New(TimeProvider.System);

    public static Task Silent(JobProgress progress, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A backup of the whole cluster, made by hand; every moment from now on can be reached from it.</summary>
    public async Task<string> BackUpAsync(string type = "full")
    {
        var answer = await Repository.RunAsync("backup", [$"--type={type}"], Token);
        Assert.True(answer.ExitCode == 0, answer.Complaint);
        var made = (await Repository.ListAsync(Token))[^1];
        await Eventually.IsTrueAsync(
            () => TimeProvider.System.GetUtcNow() > made.ReachableFrom,
            () => $"{made.ReachableFrom:O} does not pass"
        );

        return made.Label;
    }

    /// <summary>A moment that lies after all that was committed, and before all that will be.</summary>
    public async Task<DateTimeOffset> MomentAsync()
    {
        // PostgreSQL's clock, whose commits are compared with it; it counts microseconds.
        var now = await ClockAsync();
        await Eventually.IsTrueAsync(async () => await ClockAsync() > now, () => "PostgreSQL's clock stands");
        return now;
    }

    /// <summary>Where a segment of the log lies in the repository.</summary>
    public string ArchivedFile(WalSegment segment) =>
        Directory
            .EnumerateFiles(
                Path.Combine(Home.Layout.BackupRepository, "archive"),
                $"{segment}-*",
                SearchOption.AllDirectories
            )
            .Single();

    private async Task<DateTimeOffset> ClockAsync() =>
        DateTimeOffset.Parse(
            await ScalarAsync(
                "postgres",
                "select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
            ),
            CultureInfo.InvariantCulture
        );

    public Task ExecuteAsync(string database, params string[] statements) =>
        ExecuteAsync(Home.Layout.Cluster, database, statements);

    public Task<string> ScalarAsync(string database, string query) => ScalarAsync(Home.Layout.Cluster, database, query);

    public static async Task ExecuteAsync(SitePostgres postgres, string database, params string[] statements)
    {
        await using var connection = await OpenAsync(postgres, database);
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(Token);
        }
    }

    public static async Task<string> ScalarAsync(SitePostgres postgres, string database, string query)
    {
        await using var connection = await OpenAsync(postgres, database);
        await using var command = new NpgsqlCommand(query, connection);
        return $"{await command.ExecuteScalarAsync(Token)}";
    }

    private static async Task<NpgsqlConnection> OpenAsync(SitePostgres postgres, string database)
    {
        var connection = new NpgsqlConnection(
            postgres.ConnectionString(database, SitePostgres.Superuser, "backup-test")
        );
        await connection.OpenAsync(Token);
        return connection;
    }
}
