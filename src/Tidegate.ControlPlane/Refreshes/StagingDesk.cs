using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.TenantBackups;

namespace Tidegate.ControlPlane.Refreshes;

/// <summary>What came of asking for a refresh.</summary>
public abstract record RefreshAnswer
{
    private RefreshAnswer() { }

    public sealed record Ordered(JobId Job) : RefreshAnswer;

    public sealed record Unknown(string What, string Next) : RefreshAnswer;

    /// <summary>Something is in the way; nothing was changed.</summary>
    public sealed record Refused(string What, string Next) : RefreshAnswer;
}

/// <summary>Orders refreshes of staging tenants.</summary>
public sealed class StagingDesk(
    FleetStore fleet,
    StagingReader reader,
    TenantBackupStore tenantBackups,
    BackupStore backups,
    JobStore jobs
)
{
    /// <param name="isConfirmed">Whatever its database is now and whatever release it runs.</param>
    public async Task<RefreshAnswer> OrderAsync(
        TenantName tenant,
        bool isConfirmed,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    )
    {
        if (await reader.FindAsync(tenant, cancellationToken) is not { } pair)
        {
            return await fleet.FindAsync([tenant], cancellationToken) is []
                ? new RefreshAnswer.Unknown(
                    $"there is no tenant \"{tenant}\".",
                    "tidegate tenant list shows those there are."
                )
                : new RefreshAnswer.Refused(
                    $"{tenant} is no copy of another tenant: its database is its own, and stays.",
                    $"say copyOf in tenants/{tenant}.yaml of the fleet repository, if it is to be one."
                );
        }

        if (Refusal(pair, isConfirmed) is { } refusal)
        {
            return refusal;
        }

        var source = pair.Source!;
        return await NewestAsync(source, cancellationToken) is { } newest
            ? new RefreshAnswer.Ordered(
                await jobs.OrderAsync(
                    RefreshJob.Kind,
                    RefreshJob.Order(
                        source.Pool.Site,
                        new(Place(pair.Target), Place(source), newest, isConfirmed),
                        actor,
                        reason
                    ),
                    cancellationToken
                )
            )
            : new RefreshAnswer.Refused(
                $"there is no good backup of {source.Tenant.Name} on site {source.Pool.Site}.",
                $"tidegate tenant backup {source.Tenant.Name}"
            );
    }

    private static RefreshAnswer.Refused? Refusal(StagedPair pair, bool isConfirmed)
    {
        var name = pair.Staging.Name;
        return pair.Refusal is { } refusal
                ? new($"{name} {refusal}: it is not refreshed.", $"change tenants/{name}.yaml of the fleet repository.")
            : pair.BusyWith is { } rollout ? new($"{rollout}.", "wait for its end, or abort it; then refresh.")
            : !isConfirmed && pair.Waits is { } waits
                ? new($"{waits}.", $"tidegate tenant refresh {name} --yes does it nevertheless.")
            : null;
    }

    /// <summary>
    /// Of the tenant alone, as long as nothing is known against it: it is compared row by row when it is loaded. Of the
    /// site's cluster only one that was restored and read whole; null when there is neither.
    /// </summary>
    private async Task<RestoreTarget?> NewestAsync(FleetMember source, CancellationToken cancellationToken)
    {
        var alone = (
            await tenantBackups.OfTenantAsync(source.Tenant.Name, source.Pool.Site, cancellationToken)
        ).FirstOrDefault(backup => backup.IsGood);
        var whole = (await backups.OfTenantAsync(source.Tenant.Name, cancellationToken)).FirstOrDefault(stored =>
            stored.IsGood
        );
        return whole is not null && !(alone?.TakenAt >= whole.Backup.StoppedAt)
                ? new RestoreTarget.Backup(whole.Backup.Label)
            : alone is not null ? new RestoreTarget.Backup(alone.Id.Value)
            : null;
    }

    private static StatePlace Place(FleetMember member) =>
        new(member.Tenant.Name, member.Tenant.Pool, member.Tenant.Database);
}
