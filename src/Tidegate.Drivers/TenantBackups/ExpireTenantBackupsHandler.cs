using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.TenantBackups;

namespace Tidegate.Drivers.TenantBackups;

/// <summary>Lets go the backups of a tenant that its rules no longer keep, and then the objects that no manifest names.</summary>
public sealed class ExpireTenantBackupsHandler(
    BackupPlaces places,
    TenantBackupStore store,
    TenantBackupRules rules,
    TimeProvider clock
) : JobHandler<ExpireTenantBackups, TenantBackupsExpired>(TenantBackupJobs.Expire)
{
    protected override async Task<TenantBackupsExpired> RunAsync(
        ExpireTenantBackups job,
        ClaimedJob claimed,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var plan = RetentionPlanner.Plan(
            await store.OfTenantAsync(job.Tenant, claimed.Site, cancellationToken),
            await rules.KeptAsync(claimed.Site, cancellationToken),
            clock.GetUtcNow()
        );
        // Recorded first: what is removed by half is removed whole the next time, and nobody is told that it is there.
        await store.ExpireAsync(claimed, plan.Expired.Select(backup => backup.Id), cancellationToken);
        var expired = await store.ExpiredAsync(job.Tenant, claimed.Site, cancellationToken);
        var looked = 0;
        try
        {
            var removed = await Reported.RunAsync(
                token =>
                    new RetentionRun(places.Objects, places.Retention).RunAsync(
                        claimed.Site,
                        job.Tenant,
                        expired,
                        count => Interlocked.Add(ref looked, count),
                        token
                    ),
                () => new("removing what nobody needs", Volatile.Read(ref looked), null, "objects"),
                context.ReportAsync,
                clock,
                cancellationToken
            );
            return new([.. plan.Expired.Select(backup => backup.Id)], removed.Objects, removed.Bytes, removed.Held);
        }
        catch (InvalidDataException unreadable)
        {
            throw new JobFailedException(
                $"{unreadable.Message}. Nobody knows which objects it needs, so nothing was removed: bring it back from a copy of the object store, or remove that one object.",
                unreadable
            );
        }
    }

    protected override Task CleanUpAsync(
        ExpireTenantBackups job,
        ClaimedJob claimed,
        CancellationToken cancellationToken
    ) => Task.CompletedTask;
}
