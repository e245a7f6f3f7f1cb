using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Rehearsals;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Copies;
using Tidegate.Drivers.Copies.Masks;
using Tidegate.Drivers.Copies.Neutralising;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Recovery;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Rehearsals;

/// <summary>A tenant's database, restored where nobody looks, and harmless: nothing of Odoo may run on it before.</summary>
/// <param name="Password">By which the journeys log in; the copy's own.</param>
/// <param name="Known">What the tenant is known by, and the copy must not be.</param>
internal sealed record PreparedCopy(SideCluster Cluster, RehearsalSource Source, CopyIdentity Known, string Password);

/// <summary>Restores a tenant's database out of the newest backup, and takes out of it what could act on the world and whom it speaks of.</summary>
internal sealed class HarmlessCopy(
    SiteLayout layout,
    SideClusters sides,
    Neutralisation neutralisation,
    Masking masking,
    TimeProvider clock
)
{
    /// <summary>How many times the database's size a rehearsal takes: what was restored, the copy that is migrated, and its log.</summary>
    private const double DiskFactor = 2.5;

    private static readonly ImmutableArray<string> AsProduction =
    [
        "ALTER SYSTEM SET fsync = on",
        "ALTER SYSTEM SET full_page_writes = on",
        "ALTER SYSTEM SET synchronous_commit = on",
        "ALTER SYSTEM SET autovacuum = on",
        "SELECT pg_reload_conf()",
    ];

    /// <summary>The database as it was when this was asked for, out of the newest backup and the archive behind it.</summary>
    /// <exception cref="JobFailedException">There is no room, or it cannot be restored.</exception>
    public async Task<(SideCluster Cluster, RehearsalSource Source)> RestoreAsync(
        UpgradeTarget target,
        JobId job,
        Func<JobProgress, CancellationToken, Task> report,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        await RefuseWithoutRoomAsync(target.Database, cancellationToken);
        var cluster = await sides.RestoreAsync(
            new(job, null, new RecoveryTarget.Latest(), [target.Database]),
            report,
            cancellationToken
        );
        await OpenAsync(cluster, target.Database, cancellationToken);
        var recovery = cluster.Recovery!;
        return (cluster, new(recovery.BackupLabel, recovery.ReachedLsn, recovery.LastCommit ?? now, IsBackup: true));
    }

    /// <summary>Lets us work with a tenant's database as it came out of a backup: it may have been closed then, by a cutover.</summary>
    public static async Task OpenAsync(SideCluster cluster, string database, CancellationToken cancellationToken)
    {
        await SiteDatabase.PrepareAsync(cluster.Postgres, cancellationToken);
        await using var session = await SuperuserAsync(cluster, SitePostgres.Maintenance, cancellationToken);
        await session.ExecuteAllAsync(
            [
                // What was in force at the site means nothing here: the copy's epochs are the job's.
                "DELETE FROM tidegate.tenant_epoch",
                $"ALTER DATABASE {Sql.Name(database)} WITH ALLOW_CONNECTIONS true IS_TEMPLATE false",
            ],
            cancellationToken
        );
    }

    /// <summary>Neutralises and proves; the first thing that is done with it.</summary>
    /// <exception cref="CopyRefusedException">It cannot be made neutral, or is not proven to be.</exception>
    public async Task<(CopyIdentity Known, string Summary)> NeutraliseAsync(
        SideCluster cluster,
        UpgradeTarget target,
        ImmutableHashSet<string> accepted,
        CancellationToken cancellationToken
    )
    {
        var copy = new CopyDatabase(cluster.Postgres, target.Database);
        var known = await CopyIdentity.ReadAsync(copy, cancellationToken);
        var report = await NeutraliseAsync(copy, target.From.Digest, accepted, known, cancellationToken);
        return (known, report);
    }

    /// <summary>Again after an update, which may bring back what was taken out.</summary>
    /// <inheritdoc cref="NeutraliseAsync(SideCluster, UpgradeTarget, ImmutableHashSet{string}, CancellationToken)" path="/exception" />
    public async Task<string> NeutraliseAsync(
        CopyDatabase copy,
        ReleaseDigest release,
        ImmutableHashSet<string> accepted,
        CopyIdentity known,
        CancellationToken cancellationToken
    )
    {
        var report = await neutralisation.NeutraliseAsync(
            copy,
            release,
            new() { Accepted = accepted },
            cancellationToken
        );
        await ProveAsync(copy, release, known, cancellationToken);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Scripts.Length} scripts of modules, then {report.Changes.Sum(change => change.Rows)} rows of ours; proven neutral"
        );
    }

    /// <exception cref="CopyRefusedException">It is not neutral.</exception>
    public async Task<string> ProveAsync(
        CopyDatabase copy,
        ReleaseDigest release,
        CopyIdentity known,
        CancellationToken cancellationToken
    ) =>
        await neutralisation.ProveAsync(copy, release, known, cancellationToken) is { IsEmpty: false } reasons
            ? throw new CopyRefusedException(copy.Name, reasons)
            : "proven neutral";

    /// <summary>Masks it, with the files that it names then, and gives the journeys' user a password of the copy's own.</summary>
    /// <param name="from">Where the files are; null for the tenant's own.</param>
    public async Task<(string Password, string Summary)> MaskAsync(
        SideCluster cluster,
        UpgradeTarget target,
        RehearsalHome home,
        CancellationToken cancellationToken,
        string? from = null
    )
    {
        var copy = new CopyDatabase(cluster.Postgres, target.Database);
        var files = home.Inside.Filestore(target.Pool, target.Database);
        MakeFolders(home, target);
        var masked = await masking.MaskAsync(
            copy,
            files,
            new() { KeptLogins = [target.Profile.JourneyLogin] },
            cancellationToken
        );
        var (taken, missing) = await TakeFilesAsync(cluster, target, home, from, cancellationToken);
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        await SetPasswordAsync(cluster, target, password, cancellationToken);
        await using var session = await SuperuserAsync(cluster, SitePostgres.Maintenance, cancellationToken);
        // Up to here it only had to be quick; from here on it is measured.
        await session.ExecuteAllAsync(AsProduction, cancellationToken);
        return (
            password,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{masked.Rows} rows of {masked.Tables} tables, {masked.Attachments} attachments; {taken} files taken along, {missing} not found"
            )
        );
    }

    /// <summary>Lets the rehearsal's user in as the roles of one release, and starts that on a database of the copy's cluster.</summary>
    /// <exception cref="ProcessStartException">It does not come up.</exception>
    public async Task StartAsync(
        SideCluster cluster,
        RehearsalHome home,
        UpgradeTarget target,
        RehearsedRelease release,
        string database,
        CancellationToken cancellationToken
    )
    {
        string[] roles =
        [
            DatabaseNames.Generation(target.Pool, release.Release.Digest),
            DatabaseNames.Migrator(target.Pool),
        ];
        foreach (var role in roles)
        {
            await sides.AdmitAsync(cluster, home.Job, home.User, role, cancellationToken);
        }

        await release.StartAsync(database, cancellationToken);
    }

    private static void MakeFolders(RehearsalHome home, UpgradeTarget target)
    {
        var inside = home.Inside;
        Folder.Passage(inside.Pools);
        Folder.Passage(inside.Pool(target.Pool));
        Folder.Private(inside.PoolData(target.Pool), home.User);
        var files = inside.Filestore(target.Pool, target.Database);
        Folder.Private(Path.GetDirectoryName(files)!, home.User);
        Folder.Private(files, home.User);
    }

    private async Task<(int Taken, int Missing)> TakeFilesAsync(
        SideCluster cluster,
        UpgradeTarget target,
        RehearsalHome home,
        string? from,
        CancellationToken cancellationToken
    )
    {
        await using var session = await SuperuserAsync(cluster, target.Database, cancellationToken);
        var names = await session.QueryAsync(
            "select distinct store_fname::text from ir_attachment where store_fname is not null",
            [],
            row => row.GetString(0),
            cancellationToken
        );
        return RehearsedFiles.Take(
            from ?? layout.Filestore(target.Pool, target.Database),
            home.Inside.Filestore(target.Pool, target.Database),
            names,
            home.User,
            cancellationToken
        );
    }

    private static async Task SetPasswordAsync(
        SideCluster cluster,
        UpgradeTarget target,
        string password,
        CancellationToken cancellationToken
    )
    {
        await using var session = await SuperuserAsync(cluster, target.Database, cancellationToken);
        var users = await session.ExecuteAsync(
            "update res_users set password = $1 where login = $2 and active",
            [password, target.Profile.JourneyLogin],
            cancellationToken
        );
        if (users != 1)
        {
            throw new CopyRefusedException(
                target.Database,
                [$"it has no active user {target.Profile.JourneyLogin} as whom the journeys could be made"]
            );
        }
    }

    private async Task RefuseWithoutRoomAsync(string database, CancellationToken cancellationToken)
    {
        await using var session = await layout.Cluster.OpenAsync(
            SitePostgres.Maintenance,
            DatabaseNames.SiteRole,
            cancellationToken
        );
        var size = await session.ScalarAsync<long>(
            "select pg_database_size(oid) from pg_database where datname = $1",
            [database],
            cancellationToken
        );
        var (needed, free) = ((long)(size * DiskFactor), new DriveInfo(layout.Home).AvailableFreeSpace);
        if (free < needed)
        {
            throw new JobFailedException(
                $"a rehearsal of database {database} needs {needed >> 20} MB, {DiskFactor.ToString(CultureInfo.InvariantCulture)} times its size, and the disk of {layout.Home} has {free >> 20} MB free. Free some, or drop a checkpoint: tidegate checkpoint list"
            );
        }
    }

    private static Task<PostgresSession> SuperuserAsync(
        SideCluster cluster,
        string database,
        CancellationToken cancellationToken
    ) => cluster.Postgres.OpenAsync(database, SitePostgres.Superuser, cancellationToken);
}
