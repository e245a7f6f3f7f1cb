using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Sites;
using Tidegate.ControlPlane.Storage;
using Tidegate.ControlPlane.TenantBackups;
using Tidegate.Drivers.Objects;
using Tidegate.Drivers.Recovery;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;
using Tidegate.Drivers.TenantBackups;
using Tidegate.IntegrationTests.Databases;

namespace Tidegate.IntegrationTests.TenantBackups;

/// <summary>A home with one tenant, a control database that knows it, and the loop that does its jobs.</summary>
internal sealed class BackupHome : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database;

    private BackupHome(SiteCluster cluster, Shop shop, NpgsqlDataSource database)
    {
        (Cluster, Shop, _database) = (cluster, shop, database);
        Objects = new FolderObjectStore(Layout.Objects, TimeProvider.System);
        Places = new(Layout, cluster.Site, Objects, Objects);
        Jobs = new(database, TimeProvider.System);
        Store = new(database, TimeProvider.System);
        Fetch = new(Places, Store, TimeProvider.System);
        Taking = new(Places, new FleetStore(database), Store, TimeProvider.System);
    }

    /// <summary>How to reach the control database.</summary>
    public required string Connection { get; init; }

    public SiteCluster Cluster { get; }

    public Shop Shop { get; }

    public SiteLayout Layout { get; } = new(Directory.CreateTempSubdirectory("tg-backups-").FullName);

    public FolderObjectStore Objects { get; }

    public BackupPlaces Places { get; }

    public JobStore Jobs { get; }

    public TenantBackupStore Store { get; }

    public TenantBackupFetch Fetch { get; }

    public TenantBackupHandler Taking { get; set; }

    /// <summary>Restores for verification go into clusters of their own, as on a real site; else into the test's.</summary>
    public bool UsesSideClusters { get; set; }

    /// <summary>Good for empty clusters only.</summary>
    public SideClusters Sides =>
        new(
            Layout,
            new ProcessLauncher(Layout.Home, Layout.Run, TimeProvider.System),
            null!,
            null!,
            TimeProvider.System
        );

    public BackupTermsStore Protection => new(_database);

    public TenantName Tenant => Shop.Target.Tenant;

    public SiteName Site { get; } = new("local");

    public FleetStore Fleet => new(_database);

    public string Filestore => Layout.Filestore(Shop.Target.Pool, Shop.Database);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>With a table of attachments, and these files.</summary>
    public static async Task<BackupHome> CreateAsync(SiteCluster cluster, params string[] files)
    {
        var shop = await cluster.NewShopAsync(rows: 500);
        var connection = await cluster.Postgres.ControlDatabaseAsync();
        var home = new BackupHome(cluster, shop, ControlDatabase.Open(connection)) { Connection = connection };
        Directory.CreateDirectory(home.Layout.Run);
        await home.FillAsync();
        foreach (var file in files)
        {
            await home.AttachAsync(file);
        }

        return home;
    }

    /// <summary>As when a commit that says this of the site was taken.</summary>
    public async Task SayInGitAsync(TenantBackupTerms said)
    {
        await using var session = await _database.OpenConnectionAsync(Token);
        await BackupTermsStore.ReplaceAsync(session, [new(Site, Cluster: null, said)], Token);
    }

    /// <summary>Makes backups encrypted from now on.</summary>
    public Task SetKeyAsync(string key)
    {
        Directory.CreateDirectory(Layout.Secrets);
        return File.WriteAllTextAsync(Path.Join(Layout.Secrets, "backup-key"), key + "\n", Token);
    }

    /// <summary>An attachment with this content; its name in the filestore.</summary>
    public async Task<string> AttachAsync(string content)
    {
        var name = await WriteFileAsync(content);
        await Shop.AsAsync(
            Shop.OldRole,
            Shop.Database,
            $"insert into ir_attachment (store_fname, checksum, file_size) values ('{name}', '{name[3..]}', {Encoding.UTF8.GetByteCount(content)})"
        );
        return name;
    }

    /// <summary>Takes a backup; its job as it ended.</summary>
    public Task<Job> TakeAsync(BackupClass kept = BackupClass.Scheduled, DateTimeOffset? until = null) =>
        RunAsync(TenantBackupJobs.Take, new TakeTenantBackup(Tenant, kept, until));

    /// <summary>Takes one that has to be there afterwards.</summary>
    public async Task<(TenantBackup Backup, TenantBackupTaken Taken)> TakenAsync()
    {
        var job = await TakeAsync();
        Assert.True(job.Outcome is JobOutcome.Done, job.Failure);
        var backup = await Store.FindAsync(TenantBackupId.Of(job.Id), Token);
        return (backup!, StoredJson.Read<TenantBackupTaken>(job.Result!));
    }

    public async Task<TenantBackupVerified> VerifiedAsync(TenantBackupId backup)
    {
        var job = await RunAsync(TenantBackupJobs.Verify, new VerifyTenantBackup(backup));
        Assert.True(job.Outcome is JobOutcome.Done, job.Failure);
        return StoredJson.Read<TenantBackupVerified>(job.Result!);
    }

    public async Task<Job> RunAsync<TJob, TResult>(JobKind<TJob, TResult> kind, TJob payload)
    {
        var id = await Jobs.OrderAsync(
            kind,
            new JobOrder<TJob>(Site, Tenant.Value, payload, "test", Lane: TenantBackupJobs.Lane(Tenant)),
            Token
        );
        await TurnAsync();
        return (await Jobs.FindAsync(id, Token))!;
    }

    /// <summary>Does one job.</summary>
    public async Task TurnAsync(TimeSpan? lease = null)
    {
        using var loop = new JobLoop(
            Jobs,
            new ServedSites([Site], "test", lease ?? TimeSpan.FromSeconds(30)),
            Handlers(),
            TimeProvider.System,
            NullLogger<JobLoop>.Instance
        );
        Assert.True(await loop.TurnAsync(Token));
    }

    /// <summary>Paths of everything in the object store that is not a manifest.</summary>
    public IReadOnlyList<string> ObjectFiles(string part) =>
        Directory.Exists(Layout.Objects)
            ?
            [
                .. Directory
                    .EnumerateFiles(Layout.Objects, "*", SearchOption.AllDirectories)
                    .Where(file => file.Contains($"/{part}/", StringComparison.Ordinal))
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    public async Task<TenantManifest> ManifestAsync(TenantBackup backup)
    {
        await using var content = await Objects.GetAsync(ObjectKey.Create(backup.Manifest), Token);
        using var bytes = new MemoryStream();
        await content!.CopyToAsync(bytes, Token);
        return TenantManifest.Parse(bytes.ToArray());
    }

    /// <summary>Where the object of a key lies.</summary>
    public string PathOf(string key) =>
        Path.Join(Layout.Objects, Path.GetDirectoryName(key), "=" + Path.GetFileName(key));

    public async Task<string[]> SqlAsync(string query)
    {
        await using var command = _database.CreateCommand(query);
        await using var reader = await command.ExecuteReaderAsync(Token);
        var rows = new List<string>();
        while (await reader.ReadAsync(Token))
        {
            rows.Add(reader.GetValue(0).ToString()!);
        }

        return [.. rows];
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(Layout.Home, recursive: true);
    }

    private IEnumerable<IJobHandler> Handlers() =>
        [
            Taking,
            new VerifyTenantBackupHandler(Places, Store, Fetch, Sides, TimeProvider.System)
            {
                Scratch = UsesSideClusters ? null : Cluster.Site,
            },
            new ExpireTenantBackupsHandler(
                Places,
                Store,
                new(Protection, new TenantBackupSchedule(null)),
                TimeProvider.System
            ),
        ];

    private async Task<string> WriteFileAsync(string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
#pragma warning disable CA5350 // Odoo's name of a file, not a proof
        var sha1 = Convert.ToHexStringLower(SHA1.HashData(bytes));
#pragma warning restore CA5350
        Directory.CreateDirectory(Path.Join(Filestore, sha1[..2]));
        await File.WriteAllBytesAsync(Path.Join(Filestore, sha1[..2], sha1), bytes, Token);
        return $"{sha1[..2]}/{sha1}";
    }

    private async Task FillAsync()
    {
        await Shop.AsAsync(
            Shop.OldRole,
            Shop.Database,
            "create table ir_attachment (id serial primary key, store_fname text, checksum text, file_size int)"
        );
        var target = Shop.Target;
        var digest = target.From.Digest;
        await SqlAsync(
            $"insert into release (name, digest, registered_at, registered_by) values ('1', '{digest}', now(), 'test')"
        );
        Assert.Null(
            await Fleet.ApplyAsync(
                [new(target.Pool, Site, new("production"), HostingModel.Shared, 1)],
                [
                    new(
                        target.Tenant,
                        target.Pool,
                        target.Database,
                        ["shop.example"],
                        "Europe/Oslo",
                        new("journeys", "shop-secret", []),
                        digest
                    ),
                ],
                Token
            )
        );
    }
}
