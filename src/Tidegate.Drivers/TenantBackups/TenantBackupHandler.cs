using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.TenantBackups;

namespace Tidegate.Drivers.TenantBackups;

/// <summary>
/// Takes a tenant's backup: the database in one snapshot, then the files that this snapshot counts on, then the manifest
/// that names them all. The manifest is last, so what was interrupted is no backup.
/// </summary>
public sealed class TenantBackupHandler(
    BackupPlaces places,
    FleetStore fleet,
    TenantBackupStore store,
    TimeProvider clock
) : JobHandler<TakeTenantBackup, TenantBackupTaken>(TenantBackupJobs.Take)
{
    /// <summary>A file that Odoo removed between the snapshot and its second name is in no later snapshot.</summary>
    private const int Snapshots = 3;

    /// <summary>Runs right before the files are held, for tests.</summary>
    internal Func<Task> BeforeHolding { get; init; } = () => Task.CompletedTask;

    /// <summary>How a job's sessions are named.</summary>
    internal static string SessionName(JobId job) => $"tidegate backup {job.Short}";

    protected override async Task<TenantBackupTaken> RunAsync(
        TakeTenantBackup job,
        ClaimedJob claimed,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var started = clock.GetTimestamp();
        var member = await fleet.FindAsync([job.Tenant], cancellationToken) is [var found]
            ? found
            : throw new JobFailedException($"there is no tenant {job.Tenant}; tidegate tenant list shows them.");
        var secret = BackupSecret.Current(places.Layout);
        var taking = new TenantBackupTaking(places, new BackupVault(places.Objects, secret), claimed, member);
        try
        {
            // A server that was killed right after it had stored the manifest has done the work.
            if (await taking.FindStoredAsync(cancellationToken) is not { } manifest)
            {
                manifest = await TakeAsync(taking, job, context, cancellationToken);
            }

            var hash = await taking.StoreAsync(manifest, cancellationToken);
            await store.AddAsync(claimed, Record(manifest, claimed, taking, hash), cancellationToken);
            return new(
                manifest.Id,
                manifest.Database.Bytes,
                manifest.Dump.Size,
                manifest.Files.Length,
                manifest.FileBytes(),
                taking.NewFiles,
                taking.NewBytes,
                manifest.Faults,
                clock.GetElapsedTime(started).TotalSeconds
            );
        }
        catch (NpgsqlException broken)
            when (broken is PostgresException { SqlState: "57P01" } or { InnerException: IOException })
        {
            throw new JobFailedException(
                $"the session of the backup in {member.Tenant.Database} was ended, as a cutover does that begins meanwhile. Nothing was kept; order the backup again.",
                broken
            );
        }
    }

    protected override async Task CleanUpAsync(
        TakeTenantBackup job,
        ClaimedJob claimed,
        CancellationToken cancellationToken
    )
    {
        await JobRemains.EndSessionsAsync(places.Site, SessionName(claimed.Id), cancellationToken);
        JobRemains.RemoveWork(places.Layout, claimed.Id);
    }

    private async Task<TenantManifest> TakeAsync(
        TenantBackupTaking taking,
        TakeTenantBackup job,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var damaged = await store.DamagedAsync(taking.Site, job.Tenant, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            await context.ReportAsync(new("opening a snapshot"), cancellationToken);
            var takenAt = clock.GetUtcNow();
            await using var snapshot = await taking.OpenSnapshotAsync(cancellationToken);
            var names = await snapshot.FilesAsync(cancellationToken);
            await BeforeHolding();
            var held = taking.Hold(names);
            if (held.LacksAny && attempt < Snapshots)
            {
                continue;
            }

            var database = await snapshot.FactsAsync(cancellationToken);
            var (dump, tables) = await DumpAsync(taking, snapshot, context, cancellationToken);
            await snapshot.DisposeAsync(); // it keeps the whole cluster from vacuuming
            var files = await UploadAsync(taking, held, damaged, context, cancellationToken);
            return taking.Manifest(
                job,
                takenAt,
                database with
                {
                    Tables = tables,
                },
                dump,
                files,
                [.. held.Faults, .. files.Faults]
            );
        }
    }

    private Task<(ManifestObject Dump, ImmutableArray<TableFingerprint> Tables)> DumpAsync(
        TenantBackupTaking taking,
        TenantSnapshot snapshot,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var written = 0L;
        return Reported.RunAsync(
            token => taking.DumpAsync(snapshot, count => Interlocked.Add(ref written, count), token),
            () => new("dumping the database", Interlocked.Read(ref written), null, "bytes"),
            context.ReportAsync,
            clock,
            cancellationToken
        );
    }

    private Task<UploadedFiles> UploadAsync(
        TenantBackupTaking taking,
        HeldFiles held,
        ImmutableHashSet<string> damaged,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var read = 0L;
        return Reported.RunAsync(
            token => taking.UploadAsync(held, damaged, count => Interlocked.Add(ref read, count), token),
            () => new("storing files", Interlocked.Read(ref read), held.Bytes, "bytes"),
            context.ReportAsync,
            clock,
            cancellationToken
        );
    }

    private static TenantBackup Record(
        TenantManifest manifest,
        ClaimedJob claimed,
        TenantBackupTaking taking,
        string hash
    ) =>
        new(
            manifest.Id,
            manifest.Tenant,
            manifest.Site,
            claimed.Id,
            manifest.Kept,
            manifest.KeepUntil,
            manifest.TakenAt,
            manifest.Release.Name,
            BackupKeys.Manifest(manifest.Site, manifest.Tenant, manifest.Id).Value,
            hash,
            manifest.KeyId is not null,
            manifest.Database.Bytes,
            manifest.Dump.Size,
            manifest.Files.Length,
            manifest.FileBytes(),
            taking.NewBytes,
            manifest.Faults.Length,
            null,
            null
        );
}
