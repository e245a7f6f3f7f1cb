using System.Collections.Immutable;
using System.Net.Sockets;
using Npgsql;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Backups;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Recovery;

/// <summary>Finds out whether a target can be reached, and from which backup.</summary>
public sealed class RecoveryPlans(
    SiteLayout layout,
    PgBackRest repository,
    BackupStore store,
    ArchiveFlush archive,
    RestorePoints points
)
{
    /// <exception cref="JobFailedException">It cannot; nothing was restored.</exception>
    public async Task<RecoveryPlan> MakeAsync(SideRestore what, CancellationToken cancellationToken)
    {
        var backups = what.BackupLabel is null
            ? await UndamagedAsync(cancellationToken)
            : await repository.ListAsync(cancellationToken);
        try
        {
            return Plan(
                what,
                backups,
                await archive.RunAsync(cancellationToken),
                await PointAsync(what, cancellationToken)
            );
        }
        catch (NpgsqlException lost) when (lost.InnerException is SocketException or IOException)
        {
            throw new JobFailedException(
                $"the site's PostgreSQL does not answer, so that it cannot be told what is archived: {lost.Message}. Start it, or restore the whole site: tidegate site restore",
                lost
            );
        }
    }

    // One that is asked for by its label is tried whatever is known of it: how else would it be verified.
    private async Task<ImmutableArray<ClusterBackup>> UndamagedAsync(CancellationToken cancellationToken)
    {
        var site = new SiteName(SiteOptions.Read(layout)?.Name ?? SiteOptions.DefaultName);
        var damaged = await store.DamagedAsync(site, cancellationToken);
        return [.. (await repository.ListAsync(cancellationToken)).Where(backup => !damaged.Contains(backup.Label))];
    }

    private static RecoveryPlan Plan(
        SideRestore what,
        ImmutableArray<ClusterBackup> backups,
        ArchiveEnd end,
        WalPosition? point
    ) =>
        RecoveryPlanner.Plan(what.Target, what.BackupLabel, backups, end, point) switch
        {
            { Plan: { } plan } => plan,
            { Refusal: var refusal } => throw new JobFailedException($"the target cannot be reached: {refusal}"),
        };

    private Task<WalPosition?> PointAsync(SideRestore what, CancellationToken cancellationToken) =>
        what.Target is RecoveryTarget.RestorePoint point
            ? points.FindAsync(point.Name, cancellationToken)
            : Task.FromResult<WalPosition?>(null);
}
