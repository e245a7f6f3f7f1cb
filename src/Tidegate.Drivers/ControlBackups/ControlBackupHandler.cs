using System.Collections.Immutable;
using Tidegate.ControlPlane.ControlBackups;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Storage;
using Tidegate.ControlPlane.TenantBackups;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Git;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;
using Tidegate.Drivers.TenantBackups;

namespace Tidegate.Drivers.ControlBackups;

/// <summary>Backs up what the control plane remembers: its database in one snapshot, the documents of its releases, the repositories that it follows. The manifest is last.</summary>
/// <param name="documents">The home's own object store.</param>
public sealed class ControlBackupHandler(BackupPlaces places, IObjectStore documents, TimeProvider clock)
    : JobHandler<TakeControlBackup, ControlBackupTaken>(ControlBackupJobs.Take)
{
    private readonly SiteLayout _home = SiteOptions.Read(places.Layout)?.Control is { } control
        ? new SiteLayout(control)
        : places.Layout;

    /// <summary>The database, for tests that keep it elsewhere.</summary>
    internal ControlAddress Address { get; init; } = ControlAddress.Standard;

    internal SitePostgres? Cluster { get; init; }

    private static string SessionName(JobId job) => $"tidegate control backup {job.Short}";

    private static string IdOf(JobId job) => $"cb-{job.Value[(job.Value.IndexOf('-') + 1)..]}";

    protected override async Task<ControlBackupTaken> RunAsync(
        TakeControlBackup job,
        ClaimedJob claimed,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var started = clock.GetTimestamp();
        var vault = new BackupVault(places.Objects, BackupSecret.Current(places.Layout));
        var folder = $"{ControlManifest.Prefix}{IdOf(claimed.Id)}-{claimed.Epoch}/";
        await context.ReportAsync(new("dumping the control database"), cancellationToken);
        var (server, dump, tables) = await DumpAsync(vault, folder, claimed, cancellationToken);
        await context.ReportAsync(new("storing documents and repositories"), cancellationToken);
        var manifest = new ControlManifest(
            ControlManifest.CurrentSchema,
            IdOf(claimed.Id),
            clock.GetUtcNow(),
            vault.KeyId,
            server,
            dump,
            tables,
            await DocumentsAsync(vault, cancellationToken),
            await RepositoriesAsync(vault, folder, claimed.Id, cancellationToken)
        );
        using var content = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(StoredJson.Write(manifest)));
        await places.Objects.PutAsync(ControlManifest.KeyOf(manifest.Id), content, cancellationToken);
        return new(
            manifest.Id,
            dump.Size,
            manifest.Documents.Length,
            manifest.Repositories.Length,
            clock.GetElapsedTime(started).TotalSeconds
        );
    }

    protected override async Task CleanUpAsync(
        TakeControlBackup job,
        ClaimedJob claimed,
        CancellationToken cancellationToken
    )
    {
        await JobRemains.EndSessionsAsync(Cluster ?? _home.Cluster, SessionName(claimed.Id), cancellationToken);
        JobRemains.RemoveWork(places.Layout, claimed.Id);
    }

    private async Task<(string Server, ManifestObject Dump, ImmutableArray<TableFingerprint> Tables)> DumpAsync(
        BackupVault vault,
        string folder,
        ClaimedJob claimed,
        CancellationToken cancellationToken
    )
    {
        var (cluster, tools) = (Cluster ?? _home.Cluster, PostgresTool.Of(places.Layout));
        await using var snapshot = await TenantSnapshot.OpenAsync(
            cluster,
            Address.Database,
            SessionName(claimed.Id),
            cancellationToken,
            Address.Role
        );
        await tools.RequireAsync(await snapshot.ServerMajorAsync(cancellationToken), cancellationToken);
        await using var dump = DumpStream.Start(
            tools,
            cluster,
            Address.Database,
            snapshot.Name,
            SessionName(claimed.Id),
            Address.Role
        );
        var stored = await vault.PutNewAsync(ObjectKey.Create($"{folder}dump"), dump, null, cancellationToken);
        var facts = await snapshot.FactsAsync(cancellationToken);
        return (facts.Server, stored, await snapshot.TablesAsync(cancellationToken));
    }

    /// <summary>Each once: they never change, and most were stored by an earlier backup.</summary>
    private async Task<ImmutableArray<NamedObject>> DocumentsAsync(
        BackupVault vault,
        CancellationToken cancellationToken
    )
    {
        var stored = ImmutableArray.CreateBuilder<NamedObject>();
        await foreach (var found in documents.ListAsync("sha256/", cancellationToken))
        {
            await using var content =
                await documents.GetAsync(found.Key, cancellationToken)
                ?? throw new JobFailedException($"object {found.Key} of this home went away while it was backed up.");
            using var bytes = new MemoryStream();
            var digest = await FileDigest.OfAsync(content, bytes, null, cancellationToken);
            bytes.Position = 0;
            var key = ObjectKey.Create($"{ControlManifest.Prefix}documents/{vault.AddressOf(digest.Sha256)}");
            if (!await vault.ExistsAsync(key, cancellationToken))
            {
                await vault.PutAsync(key, bytes, cancellationToken);
            }

            stored.Add(new(found.Key.Value, new(key.Value, digest.Size, Convert.ToHexStringLower(digest.Sha256))));
        }

        return stored.DrainToImmutable();
    }

    private async Task<ImmutableArray<NamedObject>> RepositoriesAsync(
        BackupVault vault,
        string folder,
        JobId job,
        CancellationToken cancellationToken
    )
    {
        var stored = ImmutableArray.CreateBuilder<NamedObject>();
        if (!Directory.Exists(_home.Mirrors))
        {
            return [];
        }

        Folder.Passage(places.Layout.WorkFolder); // side clusters of other jobs are below it
        Folder.Private(places.Layout.Work(job));
        foreach (var mirror in Directory.EnumerateDirectories(_home.Mirrors).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(mirror);
            if (!File.Exists(Path.Join(mirror, "HEAD")))
            {
                continue; // half-made: the next fetch makes it anew
            }

            var bundle = Path.Join(places.Layout.Work(job), $"repository-{stored.Count}");
            var answer = await new BoundedRun([
                GitSurroundings.Git,
                $"--git-dir={mirror}",
                "bundle",
                "create",
                "--quiet",
                bundle,
                "--all",
            ])
            {
                Environment = GitSurroundings.Of(Path.Join(places.Layout.Work(job), "none")),
                Directory = places.Layout.Work(job),
                Patience = TimeSpan.FromMinutes(10),
            }.RunAsync(clock, cancellationToken);
            if (answer.ExitCode != 0)
            {
                throw new JobFailedException($"git could not bundle {mirror}: {answer.Error.Trim()}");
            }

            await using var content = File.OpenRead(bundle);
            var key = ObjectKey.Create($"{folder}repository-{stored.Count}");
            stored.Add(new(name, await vault.PutNewAsync(key, content, null, cancellationToken)));
        }

        return stored.DrainToImmutable();
    }
}

/// <summary>Which database is the control plane's, and as whom it is reached.</summary>
internal sealed record ControlAddress(string Database, string Role)
{
    public static ControlAddress Standard { get; } = new(DatabaseNames.ControlDatabase, DatabaseNames.ControlRole);
}
