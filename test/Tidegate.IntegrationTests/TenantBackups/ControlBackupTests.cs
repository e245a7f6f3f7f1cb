using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Tidegate.ControlPlane.ControlBackups;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Sites;
using Tidegate.ControlPlane.Storage;
using Tidegate.Drivers.ControlBackups;
using Tidegate.Drivers.Objects;
using Tidegate.Drivers.Sites;
using Tidegate.IntegrationTests.Databases;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.TenantBackups;

/// <summary>What the control plane remembers is backed up, and comes back elsewhere with every row.</summary>
public sealed class ControlBackupTests(SiteCluster cluster) : IClassFixture<SiteCluster>, IAsyncDisposable
{
    private readonly SiteLayout _new = new(Directory.CreateTempSubdirectory("tg-control-").FullName);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_control_plane_comes_back_in_an_empty_cluster(bool isEncrypted)
    {
        await using var home = await BackupHome.CreateAsync(cluster);
        if (isEncrypted)
        {
            await home.SetKeyAsync(new string('7', 64));
            await SetKeyAsync();
        }

        var places = await FurnishAsync(home);
        var job = await TakeAsync(home, places.Store);
        Assert.True(job.Outcome is JobOutcome.Done, job.Failure);
        var taken = StoredJson.Read<ControlBackupTaken>(job.Result!);
        Assert.Equal((1, 1), (taken.Documents, taken.Repositories));

        var target = await EmptyAsync();
        var restored = await Restore(places.Store, target).RunAsync(null, Token);

        Assert.Equal(taken.Backup, restored.Backup);
        Assert.Equal(home.Tenant.Value, await cluster.Postgres.ScalarAsync(target, "select name from tenant"));
        var documents = new Artifacts(new FolderObjectStore(_new.Objects, TimeProvider.System));
        Assert.Equal("a manifest", Encoding.UTF8.GetString((await documents.GetAsync(places.Document, Token))!));
        await PostgresTools.RunAsync("git", "clone", "-q", restored.Repositories[0], Path.Join(_new.Home, "clone"));
        Assert.Equal("of the fleet", await File.ReadAllTextAsync(Path.Join(_new.Home, "clone", "file"), Token));
        // As a new version starts on it: nothing is left to do.
        ControlDatabase.Upgrade(cluster.Site.ConnectionString(target, "postgres"));
        var again = await Assert.ThrowsAsync<JobFailedException>(() =>
            Restore(places.Store, target).RunAsync(null, Token)
        );
        Assert.Contains("is not empty", again.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dump")]
    [InlineData("repository-0")]
    public async Task A_changed_object_is_named_and_nothing_is_restored(string what)
    {
        await using var home = await BackupHome.CreateAsync(cluster);
        var places = await FurnishAsync(home);
        Assert.Equal(JobOutcome.Done, (await TakeAsync(home, places.Store)).Outcome);
        var file = Directory
            .EnumerateFiles(places.Folder, "*", SearchOption.AllDirectories)
            .Single(file => file.EndsWith("=" + what, StringComparison.Ordinal));
        var content = await File.ReadAllBytesAsync(file, Token);
        content[content.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, content, Token);
        var target = await EmptyAsync();

        var refused = await Assert.ThrowsAsync<JobFailedException>(() =>
            Restore(places.Store, target).RunAsync(null, Token)
        );

        Assert.Contains(what, refused.Message, StringComparison.Ordinal);
        Assert.Equal(
            "0",
            await cluster.Postgres.ScalarAsync(
                target,
                "select count(*) from pg_class where relnamespace = 'public'::regnamespace"
            )
        );
        Assert.Empty(Directory.GetFileSystemEntries(_new.WorkFolder));
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_new.Home, recursive: true);
        return ValueTask.CompletedTask;
    }

    private ControlRestore Restore(IObjectStore source, string target) =>
        new(_new, source, TimeProvider.System) { Cluster = cluster.Site, Address = new(target, "postgres") };

    private async Task<string> EmptyAsync()
    {
        var name = $"restored_{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):n}";
        await cluster.Postgres.ExecuteAsync("postgres", $"create database {name} template template0");
        return name;
    }

    private Task SetKeyAsync()
    {
        Directory.CreateDirectory(_new.Secrets);
        return File.WriteAllTextAsync(Path.Join(_new.Secrets, "backup-key"), new string('7', 64), Token);
    }

    /// <summary>A document, a followed repository, and a store elsewhere.</summary>
    private static async Task<(FolderObjectStore Store, string Folder, string Document)> FurnishAsync(BackupHome home)
    {
        var document = await new Artifacts(home.Objects).PutAsync(Encoding.UTF8.GetBytes("a manifest"), Token);
        var work = Path.Join(home.Layout.Home, "origin");
        Directory.CreateDirectory(work);
        await File.WriteAllTextAsync(Path.Join(work, "file"), "of the fleet", Token);
        string[] person = ["-C", work, "-c", "user.name=t", "-c", "user.email=t@t.example"];
        await PostgresTools.RunAsync("git", "init", "-q", "-b", "main", work);
        await PostgresTools.RunAsync("git", [.. person, "add", "."]);
        await PostgresTools.RunAsync("git", [.. person, "commit", "-q", "-m", "first"]);
        Directory.CreateDirectory(home.Layout.Mirrors);
        await PostgresTools.RunAsync("git", "clone", "-q", "--mirror", work, Path.Join(home.Layout.Mirrors, "fleet"));
        var folder = Path.Join(home.Layout.Home, "elsewhere");
        return (new FolderObjectStore(folder, TimeProvider.System), folder, document);
    }

    private async Task<Job> TakeAsync(BackupHome home, FolderObjectStore store)
    {
        var connection = new NpgsqlConnectionStringBuilder(home.Connection);
        var served = new ServedSites([home.Site], "test", TimeSpan.FromSeconds(30));
        var id = await new ControlBackupDesk(home.Jobs, served, TimeProvider.System).TakeAsync("test", null, Token);
        var handler = new ControlBackupHandler(
            home.Places with
            {
                Objects = store,
                Retention = store,
            },
            home.Objects,
            TimeProvider.System
        )
        {
            Cluster = cluster.Site,
            Address = new(connection.Database!, "postgres"),
        };
        using var loop = new JobLoop(home.Jobs, served, [handler], TimeProvider.System, NullLogger<JobLoop>.Instance);
        Assert.True(await loop.TurnAsync(Token));
        return (await home.Jobs.FindAsync(id, Token))!;
    }
}
