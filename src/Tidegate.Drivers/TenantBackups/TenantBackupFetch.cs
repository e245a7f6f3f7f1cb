using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.TenantBackups;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.TenantBackups;

/// <summary>Where a backup is loaded into.</summary>
/// <param name="Cluster">Of the server's version that took it, or later.</param>
/// <param name="Database">There, empty, and connectable by the site role.</param>
/// <param name="Owner">Role that owns what is made in it; the site role is a member.</param>
/// <param name="Filestore">Folder for the files, made when it is not there; null for the database alone.</param>
/// <param name="Work">Folder for the dump meanwhile, which whoever asks removes.</param>
public sealed record BackupTarget(SitePostgres Cluster, string Database, string Owner, string? Filestore, string Work);

/// <summary>What was loaded.</summary>
public sealed record LoadedBackup(TenantManifest Manifest, TimeSpan Fetch, TimeSpan Restore);

/// <summary>Loads a tenant's backup into an empty database and a folder. Each object is proven on the way; one that is not what was stored ends it.</summary>
public sealed class TenantBackupFetch(BackupPlaces places, TenantBackupStore store, TimeProvider clock)
{
    private const int AtOnce = 4;

    /// <summary>Loads one. What it has begun stays when it fails: whoever made the database and the folder removes them.</summary>
    /// <exception cref="JobFailedException">It cannot be loaded whole; the message names the object or statement.</exception>
    public async Task<LoadedBackup> LoadAsync(
        TenantBackupId backup,
        BackupTarget target,
        Func<JobProgress, CancellationToken, Task> report,
        CancellationToken cancellationToken
    )
    {
        var found =
            await store.FindAsync(backup, cancellationToken)
            ?? throw new JobFailedException($"there is no backup {backup}; tidegate tenant backups list shows them.");
        try
        {
            var reader = await TenantBackupReader.OpenAsync(places, found, cancellationToken);
            return await LoadAsync(reader, target, report, cancellationToken);
        }
        catch (DamagedObjectException damaged)
        {
            throw new JobFailedException(
                $"backup {backup} is not whole: {damaged.Message}. Take another: tidegate tenant backups list {found.Tenant}.",
                damaged
            );
        }
    }

    internal async Task<LoadedBackup> LoadAsync(
        TenantBackupReader reader,
        BackupTarget target,
        Func<JobProgress, CancellationToken, Task> report,
        CancellationToken cancellationToken
    )
    {
        var started = clock.GetTimestamp();
        var fetched = 0L;
        var total = reader.Manifest.Dump.Size + (target.Filestore is null ? 0 : reader.Manifest.FileBytes());
        var dump = Path.Join(target.Work, "fetched", "dump");
        await Reported.RunAsync(
            token => FetchAsync(reader, target, dump, count => Interlocked.Add(ref fetched, count), token),
            () => new("fetching the backup", Interlocked.Read(ref fetched), total, "bytes"),
            report,
            clock,
            cancellationToken
        );
        var fetch = clock.GetElapsedTime(started);
        await report(new("restoring the database"), cancellationToken);
        await RestoreAsync(dump, target, cancellationToken);
        File.Delete(dump);
        return new(reader.Manifest, fetch, clock.GetElapsedTime(started) - fetch);
    }

    private static async Task<bool> FetchAsync(
        TenantBackupReader reader,
        BackupTarget target,
        string dump,
        Action<int> onRead,
        CancellationToken cancellationToken
    )
    {
        Folder.Private(Path.GetDirectoryName(dump)!);
        await reader.CopyDumpAsync(dump, onRead, cancellationToken);
        if (target.Filestore is not { } filestore)
        {
            return true;
        }

        await FilesAsync(reader, filestore, onRead, cancellationToken);
        return true;
    }

    /// <summary>Writes every file of the backup into a folder as Odoo keeps them, each proven on the way.</summary>
    /// <exception cref="DamagedObjectException">One is not what was stored.</exception>
    internal static async Task FilesAsync(
        TenantBackupReader reader,
        string filestore,
        Action<int>? onRead,
        CancellationToken cancellationToken
    )
    {
        Directory.CreateDirectory(filestore);
        await Parallel.ForEachAsync(
            reader.Manifest.Files,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (file, token) =>
            {
                Directory.CreateDirectory(Path.Join(filestore, file.Name[..2]));
                await reader.CopyFileAsync(file, Path.Join(filestore, file.Name), onRead, token);
            }
        );
    }

    private async Task RestoreAsync(string dump, BackupTarget target, CancellationToken cancellationToken)
    {
        try
        {
            await DumpRestore.RunAsync(
                target.Cluster,
                PostgresTool.Of(places.Layout).PgRestore,
                dump,
                (target.Database, target.Owner),
                cancellationToken
            );
        }
        catch (InvalidOperationException refused)
        {
            throw new JobFailedException($"the dump cannot be restored: {refused.Message}", refused);
        }
    }
}
