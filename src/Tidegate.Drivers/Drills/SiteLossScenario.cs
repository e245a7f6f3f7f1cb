using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.ControlPlane.Storage;
using Tidegate.ControlPlane.TenantBackups;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Recovery;
using Tidegate.Drivers.Rehearsals;
using Tidegate.Drivers.Restores;
using Tidegate.Drivers.TenantBackups;

namespace Tidegate.Drivers.Drills;

/// <summary>
/// The site's machine is gone, its backups are not. Out of these alone a home is made beside it: the cluster out of its
/// repository, a tenant's files and how it is served out of the object store; and the tenant is served there.
/// </summary>
/// <remarks>
/// What no backup holds is taken where a person has to have kept it: secrets and the bundles of releases. Before Odoo
/// runs, the shop is made harmless, since the real one serves on; that is not counted.
/// </remarks>
internal sealed class SiteLossScenario(Markers markers, SideClusters side, DrillShops shops, BackupPlaces places)
    : IScenario
{
    public DrillScenario Scenario => DrillScenario.SiteLoss;

    public async Task<DrillMeasurement> PlayAsync(Stage stage, CancellationToken cancellationToken)
    {
        var (run, restored) = await ClusterLossScenario.LoseAsync(stage, markers, side, [], cancellationToken);
        var home = await shops.HomeAsync(stage.Job, cancellationToken) with { Postgres = restored.Postgres };
        var files = Path.Join(home.Inside.Home, "fetched");
        var backups = await stage.StepAsync(
            "bringing the files of a tenant",
            isRecovery: true,
            () => FilesAsync(stage, restored, files, cancellationToken),
            found =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{found.Chosen.Tenant}, backup {found.Chosen.Id}: {found.Files.Verified} files verified by their sha1, {found.Files.Missing.Length} newer than the backup"
                ),
            cancellationToken
        );
        var shop = await shops.HarmlessAsync(
            stage,
            new(home, Target(backups.Chosen), restored),
            cancellationToken,
            files
        );
        await using var release = shop.Old();
        await stage.StepAsync(
            "serving the tenant",
            isRecovery: true,
            () => shop.ServeAsync("served", release, before: null, cancellationToken),
            report =>
                $"{DrillShop.Said(report)}; release {release.Release.Name} out of this machine's store, since no backup holds bundles",
            cancellationToken
        );
        return await MeasureAsync(stage, run, restored, backups, cancellationToken);
    }

    /// <summary>The newest manifest of each of the site's tenants, as the store alone has them; the largest tenant's files.</summary>
    private async Task<FoundBackups> FilesAsync(
        Stage stage,
        SideCluster restored,
        string folder,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var (databases, reader) = await TenantsAsync(stage, cancellationToken);
            if (reader is null)
            {
                throw new JobFailedException(
                    $"no tenant of {stage.Site} has a backup of its own in the object store: the files of all of them would be lost. tidegate tenant backup T makes one."
                );
            }

            RefuseWithoutRoom(reader.Manifest);
            await TenantBackupFetch.FilesAsync(reader, folder, onRead: null, cancellationToken);
            await HarmlessCopy.OpenAsync(restored, reader.Manifest.Database.Name, cancellationToken);
            await using var session = await restored.Postgres.OpenAsync(
                reader.Manifest.Database.Name,
                SitePostgres.Superuser,
                cancellationToken
            );
            return new(
                reader.Manifest,
                databases,
                await RestoredFilestore.CheckAsync(session, [folder], (_, _) => { }, cancellationToken)
            );
        }
        catch (DamagedObjectException damaged)
        {
            throw new JobFailedException($"the files cannot be brought: {damaged.Message}", damaged);
        }
    }

    /// <summary>Databases of the site's tenants that have a backup, and the one with most bytes of files: of thousands one manifest is kept.</summary>
    private async Task<(ImmutableArray<string> Databases, TenantBackupReader? Largest)> TenantsAsync(
        Stage stage,
        CancellationToken cancellationToken
    )
    {
        var databases = ImmutableArray.CreateBuilder<string>();
        TenantBackupReader? largest = null;
        foreach (var manifest in await NewestAsync(stage.Site, cancellationToken))
        {
            var reader = await TenantBackupReader.OpenAsync(places, manifest, cancellationToken);
            // Tenants that were let go have backups for a while.
            if (stage.Drill.Databases.Contains(reader.Manifest.Database.Name, StringComparer.Ordinal))
            {
                databases.Add(reader.Manifest.Database.Name);
                largest =
                    largest is not null && largest.Manifest.FileBytes() >= reader.Manifest.FileBytes()
                        ? largest
                        : reader;
            }
        }

        return (databases.ToImmutable(), largest);
    }

    /// <summary>They lie there twice: as they were fetched, and where Odoo has them.</summary>
    private void RefuseWithoutRoom(TenantManifest manifest)
    {
        var (needed, free) = (2 * manifest.FileBytes(), new DriveInfo(places.Layout.Home).AvailableFreeSpace);
        if (free < needed)
        {
            throw new JobFailedException(
                $"the files of {manifest.Tenant} need {needed >> 20} MB, twice their size, and the disk of {places.Layout.Home} has {free >> 20} MB free."
            );
        }
    }

    private async Task<IEnumerable<ObjectKey>> NewestAsync(SiteName site, CancellationToken cancellationToken)
    {
        var newest = new Dictionary<TenantName, ObjectKey>();
        await foreach (var found in places.Objects.ListAsync(BackupKeys.Site(site), cancellationToken))
        {
            // A backup's id begins with its time.
            if (
                BackupKeys.TenantOf(site, found.Key) is { } tenant
                && (
                    !newest.TryGetValue(tenant, out var known)
                    || string.CompareOrdinal(known.Value, found.Key.Value) < 0
                )
            )
            {
                newest[tenant] = found.Key;
            }
        }

        return newest.Values;
    }

    private static UpgradeTarget Target(TenantManifest manifest)
    {
        var (pool, tenant) = manifest.Configuration;
        var release = new ReleaseRef(manifest.Release.Name, ReleaseDigest.Create(manifest.Release.Digest));
        return UpgradeTarget.Unchanged(tenant, pool, release);
    }

    private static async Task<DrillMeasurement> MeasureAsync(
        Stage stage,
        MarkerRun run,
        SideCluster restored,
        FoundBackups backups,
        CancellationToken cancellationToken
    )
    {
        var (recovered, marked) = await ClusterLossScenario.MarkersAsync(stage, run, restored, cancellationToken);
        var without = stage.Drill.Databases.Except(backups.Databases, StringComparer.Ordinal).ToList();
        var lost = backups.Files.Missing;
        var age = run.Written[^1].At - backups.Chosen.TakenAt;
        return new(
            stage.RecoveryTime,
            lost.IsEmpty || age < run.WorstGap ? run.WorstGap : age,
            run.Written.Length,
            run.Written.Length - recovered,
            ImmutableSortedDictionary<string, long?>.Empty,
            [
                marked,
                await ClusterLossScenario.DatabasesAsync(stage.Drill, restored.Postgres, cancellationToken),
                new(
                    "every tenant has a backup of its files",
                    without.Count == 0,
                    without.Count == 0
                        ? string.Create(CultureInfo.InvariantCulture, $"{stage.Drill.Databases.Length} tenants")
                        : $"{string.Join(", ", without.Take(10))} have none"
                ),
                new(
                    "the backup has every file that the tenant's database named when it was taken",
                    backups.Chosen.Faults.IsEmpty,
                    backups.Chosen.Faults is [var fault, ..]
                        ? $"{fault.Name} {fault.What}"
                        : string.Create(
                            CultureInfo.InvariantCulture,
                            $"{backups.Chosen.Files.Length} files; {lost.Length} that came later are lost"
                        )
                ),
            ]
        );
    }

    /// <param name="Databases">Of tenants that have a backup.</param>
    /// <param name="Files">What the restored database of the chosen one wants, and what its backup has.</param>
    private sealed record FoundBackups(TenantManifest Chosen, ImmutableArray<string> Databases, FileCheck Files);
}
