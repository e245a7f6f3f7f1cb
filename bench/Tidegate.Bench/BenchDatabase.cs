using Npgsql;
using Tidegate.ControlPlane.Storage;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.Bench;

/// <summary>A control database on a PostgreSQL of its own, with fsync on. Nothing of it is left once it is disposed of.</summary>
internal sealed class BenchDatabase : IAsyncDisposable
{
    // A folder of its own: PostgreSQL's user has to get there.
    private readonly string _home = Directory.CreateTempSubdirectory("tg-bench-").FullName;
    private readonly LocalSite _site;

    private BenchDatabase()
    {
        Layout = new(_home);
        _site = new(Layout, TimeProvider.System);
    }

    public SiteLayout Layout { get; }

    public static async Task<BenchDatabase> StartAsync(CancellationToken cancellationToken)
    {
        var database = new BenchDatabase();
        try
        {
            await database._site.StartPostgresAsync(new SiteOptions(0, PostgresBinaries.Find()!), cancellationToken);
            ControlDatabase.Upgrade(database.Connection);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public NpgsqlDataSource Open() => ControlDatabase.Open(Connection);

    /// <summary>As whoever may do anything, to keep PostgreSQL's own work out of what is measured.</summary>
    public async Task AdministerAsync(IEnumerable<string> statements, CancellationToken cancellationToken)
    {
        await using var session = await PostgresSession.OpenAsync(
            Layout.Cluster.ConnectionString(DatabaseNames.ControlDatabase, SitePostgres.Superuser),
            cancellationToken
        );
        await session.ExecuteAllAsync(statements, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DownAsync(CancellationToken.None);
        Directory.Delete(_home, recursive: true);
    }

    private string Connection =>
        new NpgsqlConnectionStringBuilder(
            Layout.Cluster.ConnectionString(DatabaseNames.ControlDatabase, DatabaseNames.ControlRole)
        )
        {
            Pooling = true,
        }.ConnectionString;
}
