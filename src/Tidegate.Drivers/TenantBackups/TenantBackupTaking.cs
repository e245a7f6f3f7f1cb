using System.Collections.Immutable;
using System.Security.Cryptography;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Storage;
using Tidegate.ControlPlane.TenantBackups;
using Tidegate.Drivers.Runtimes;

namespace Tidegate.Drivers.TenantBackups;

/// <summary>The parts of one backup of one tenant.</summary>
internal sealed class TenantBackupTaking(BackupPlaces places, BackupVault vault, ClaimedJob claimed, FleetMember member)
{
    private const int LocksAtOnce = 8;

    private readonly PostgresTool _tools = PostgresTool.Of(places.Layout);

    public SiteName Site => claimed.Site;

    public int NewFiles { get; private set; }

    /// <summary>Of what it was the first to need.</summary>
    public long NewBytes { get; private set; }

    private TenantName Tenant => member.Tenant.Name;

    private TenantBackupId Id => TenantBackupId.Of(claimed.Id);

    /// <summary>The manifest that an earlier attempt of this job stored; null when there is none.</summary>
    public async Task<TenantManifest?> FindStoredAsync(CancellationToken cancellationToken)
    {
        var key = BackupKeys.Manifest(Site, Tenant, Id);
        await using var content = await places.Objects.GetAsync(key, cancellationToken);
        if (content is null)
        {
            return null;
        }

        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken);
        return TenantManifest.Parse(bytes.ToArray());
    }

    public async Task<TenantSnapshot> OpenSnapshotAsync(CancellationToken cancellationToken)
    {
        var snapshot = await TenantSnapshot.OpenAsync(
            places.Site,
            member.Tenant.Database,
            TenantBackupHandler.SessionName(claimed.Id),
            cancellationToken
        );
        try
        {
            await _tools.RequireAsync(await snapshot.ServerMajorAsync(cancellationToken), cancellationToken);
            return snapshot;
        }
        catch
        {
            await snapshot.DisposeAsync(); // nobody gets it
            throw;
        }
    }

    public HeldFiles Hold(ImmutableArray<string> names)
    {
        JobRemains.RemoveWork(places.Layout, claimed.Id);
        return HeldFiles.Hold(
            places.Layout.Filestore(member.Pool.Name, member.Tenant.Database),
            names,
            Path.Join(places.Layout.Work(claimed.Id), "filestore")
        );
    }

    /// <summary>Dumps and counts at the same time, both in the snapshot.</summary>
    public async Task<(ManifestObject Dump, ImmutableArray<TableFingerprint> Tables)> DumpAsync(
        TenantSnapshot snapshot,
        Action<int> onRead,
        CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var dump = DumpStream.Start(
            _tools,
            places.Site,
            member.Tenant.Database,
            snapshot.Name,
            TenantBackupHandler.SessionName(claimed.Id)
        );
        var key = BackupKeys.Dump(Site, Tenant, Id, claimed.Epoch);
        var (dumping, counting) = (vault.PutNewAsync(key, dump, onRead, stop.Token), snapshot.TablesAsync(stop.Token));
        try
        {
            await await Task.WhenAny(dumping, counting);
            var result = (await dumping, await counting);
            NewBytes += result.Item1.Size;
            return result;
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(dumping, counting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async Task<UploadedFiles> UploadAsync(
        HeldFiles held,
        ImmutableHashSet<string> damaged,
        Action<int> onRead,
        CancellationToken cancellationToken
    )
    {
        var files = await new FileUpload(vault, Site, Tenant, damaged, onRead).RunAsync(held.Files, cancellationToken);
        NewFiles = files.NewFiles;
        NewBytes += files.NewBytes;
        return files;
    }

    public TenantManifest Manifest(
        TakeTenantBackup job,
        DateTimeOffset takenAt,
        ManifestDatabase database,
        ManifestObject dump,
        UploadedFiles files,
        ImmutableArray<SourceFault> faults
    ) =>
        new(
            TenantManifest.CurrentSchema,
            Id,
            Tenant,
            Site,
            job.Kept,
            job.KeepUntil,
            takenAt,
            vault.KeyId,
            database,
            new(member.Release.Name, member.Release.Digest.Value, BridgeFiles.CurrentVersion),
            new(member.Pool, member.Tenant),
            dump,
            files.Files,
            faults
        );

    /// <summary>From here on it is a backup. Doing it again changes nothing.</summary>
    /// <returns>The manifest's SHA-256.</returns>
    public async Task<string> StoreAsync(TenantManifest manifest, CancellationToken cancellationToken)
    {
        var bytes = manifest.ToBytes();
        await LockAsync(manifest.Objects(), manifest, cancellationToken);
        using var content = new MemoryStream(bytes, writable: false);
        await places.Objects.PutAsync(BackupKeys.Manifest(Site, Tenant, Id), content, cancellationToken);
        await LockAsync([BackupKeys.Manifest(Site, Tenant, Id).Value], manifest, cancellationToken);
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    /// <summary>Also objects that an earlier backup has stored: theirs may run out sooner.</summary>
    private async Task LockAsync(IEnumerable<string> keys, TenantManifest manifest, CancellationToken cancellationToken)
    {
        if (places.LockFor is { } lockFor)
        {
            var until = manifest.TakenAt + lockFor;
            await Parallel.ForEachAsync(
                keys.Distinct(StringComparer.Ordinal),
                new ParallelOptions { MaxDegreeOfParallelism = LocksAtOnce, CancellationToken = cancellationToken },
                async (key, token) => await places.Retention.LockAsync(ObjectKey.Create(key), until, token)
            );
        }
    }
}
