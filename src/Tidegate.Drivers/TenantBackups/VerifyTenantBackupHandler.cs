using System.Collections.Concurrent;
using System.Collections.Immutable;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.TenantBackups;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Recovery;

namespace Tidegate.Drivers.TenantBackups;

/// <summary>
/// Proves a backup: reads every object back, restores the database where nobody looks, counts and hashes every table,
/// and finds every file that the restored database counts on. Only what passes all of it is called good.
/// </summary>
public sealed class VerifyTenantBackupHandler(
    BackupPlaces places,
    TenantBackupStore store,
    TenantBackupFetch fetch,
    SideClusters sides,
    TimeProvider clock
) : JobHandler<VerifyTenantBackup, TenantBackupVerified>(TenantBackupJobs.Verify)
{
    private const int MostTold = 20;

    /// <summary>Where it is restored, for tests that have a cluster already; null for a side cluster of the job.</summary>
    internal SitePostgres? Scratch { get; init; }

    private static string Database(JobId job) => $"verify__{job.Short}";

    private static Task<PostgresSession> MaintainAsync(SitePostgres cluster, CancellationToken cancellationToken) =>
        cluster.OpenAsync(SitePostgres.Maintenance, DatabaseNames.SiteRole, cancellationToken);

    protected override async Task<TenantBackupVerified> RunAsync(
        VerifyTenantBackup job,
        ClaimedJob claimed,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var backup =
            await store.FindAsync(job.Backup, cancellationToken)
            ?? throw new JobFailedException(
                $"there is no backup {job.Backup}; tidegate tenant backups list shows them."
            );
        if (backup.ExpiredAt is { } expired)
        {
            throw new JobFailedException($"backup {job.Backup} was removed at {expired:u}; verify a newer one.");
        }

        var damage = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var (findings, tables, restore) = await FindAsync(backup, claimed, damage, context, cancellationToken);
        var finding = findings.IsEmpty
            ? $"every object is as it was stored, and {tables} tables and {backup.Files} files were restored and compared"
            : string.Join("; ", findings.Take(MostTold))
                + (findings.Length > MostTold ? $"; and {findings.Length - MostTold} more" : "");
        await store.VerifiedAsync(
            claimed,
            backup,
            findings.IsEmpty,
            finding,
            [.. damage.Select(each => (each.Key, each.Value))],
            cancellationToken
        );
        return new(
            backup.Id,
            findings.IsEmpty,
            [.. findings.Take(MostTold)],
            backup.Files,
            tables,
            restore.TotalSeconds
        );
    }

    protected override async Task CleanUpAsync(
        VerifyTenantBackup job,
        ClaimedJob claimed,
        CancellationToken cancellationToken
    )
    {
        if (Scratch is { } cluster)
        {
            await using var session = await MaintainAsync(cluster, cancellationToken);
            await session.ExecuteAsync(
                $"DROP DATABASE IF EXISTS {Sql.Name(Database(claimed.Id))} WITH (FORCE)",
                cancellationToken
            );
        }

        await sides.RemoveAsync(claimed.Id, cancellationToken);
        JobRemains.RemoveWork(places.Layout, claimed.Id);
    }

    private async Task<(ImmutableArray<string> Findings, int Tables, TimeSpan Restore)> FindAsync(
        TenantBackup backup,
        ClaimedJob claimed,
        ConcurrentDictionary<string, string> damage,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        TenantBackupReader reader;
        try
        {
            reader = await TenantBackupReader.OpenAsync(places, backup, cancellationToken);
        }
        catch (Exception wrong) when (wrong is DamagedObjectException or InvalidDataException)
        {
            return ([wrong.Message], 0, TimeSpan.Zero);
        }

        var findings = ImmutableArray.CreateBuilder<string>();
        findings.AddRange(reader.Manifest.Faults.Select(fault => $"at the source, file {fault.Name} {fault.What}"));
        findings.AddRange(await FilesAsync(reader, damage, context, cancellationToken));
        if (findings.Count > 0)
        {
            // Known not to be good: the restore would only take time.
            return (findings.DrainToImmutable(), 0, TimeSpan.Zero);
        }

        return await RestoreAsync(reader, claimed, context, cancellationToken);
    }

    private async Task<IEnumerable<string>> FilesAsync(
        TenantBackupReader reader,
        ConcurrentDictionary<string, string> damage,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var read = 0L;
        await Reported.RunAsync(
            async token =>
            {
                await Parallel.ForEachAsync(
                    reader.Manifest.Files,
                    new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = token },
                    async (file, each) =>
                    {
                        try
                        {
                            await reader.CopyFileAsync(file, null, count => Interlocked.Add(ref read, count), each);
                        }
                        catch (DamagedObjectException damaged)
                        {
                            damage[damaged.Key] = damaged.What;
                        }
                    }
                );
                return true;
            },
            () => new("reading files", Interlocked.Read(ref read), reader.Manifest.FileBytes(), "bytes"),
            context.ReportAsync,
            clock,
            cancellationToken
        );
        return reader
            .Manifest.Files.Where(file => damage.ContainsKey(file.Key))
            .Select(file => $"file {file.Name}: object {file.Key} {damage[file.Key]}");
    }

    private async Task<(ImmutableArray<string> Findings, int Tables, TimeSpan Restore)> RestoreAsync(
        TenantBackupReader reader,
        ClaimedJob claimed,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var database = Database(claimed.Id);
        // A cluster of its own: what a tenant's database defines runs while it is restored, as a role that may much.
        var cluster = Scratch ?? (await sides.CreateAsync(claimed.Id, cancellationToken)).Postgres;
        await using (var session = await MaintainAsync(cluster, cancellationToken))
        {
            await session.ExecuteAllAsync(
                [
                    $"CREATE DATABASE {Sql.Name(database)} WITH TEMPLATE template0 OWNER {DatabaseNames.SiteRole}",
                    $"REVOKE ALL ON DATABASE {Sql.Name(database)} FROM PUBLIC",
                ],
                cancellationToken
            );
        }

        // What could not be made above says nothing about the backup, and fails the job; what follows does.
        LoadedBackup loaded;
        try
        {
            loaded = await fetch.LoadAsync(
                reader,
                new(cluster, database, DatabaseNames.SiteRole, null, places.Layout.Work(claimed.Id)),
                context.ReportAsync,
                cancellationToken
            );
        }
        catch (Exception wrong) when (wrong is DamagedObjectException or JobFailedException)
        {
            return ([wrong.Message], 0, TimeSpan.Zero);
        }

        await context.ReportAsync(new("comparing what was restored"), cancellationToken);
        var findings = await RestoredComparison.RunAsync(cluster, database, reader.Manifest, cancellationToken);
        return (findings, reader.Manifest.Database.Tables.Length, loaded.Restore);
    }
}
