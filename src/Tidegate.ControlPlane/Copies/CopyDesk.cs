using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Checkpoints;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Copies;

/// <summary>Shows every copy of a tenant's data, and has the one that is no longer wanted dropped by its own site's server.</summary>
public sealed class CopyDesk(
    CopyStore store,
    CheckpointDesk checkpoints,
    SiteRequests requests,
    IEnumerable<IHeldData> held
)
{
    private static readonly TimeSpan DropBound = TimeSpan.FromMinutes(2);

    /// <summary>Recorded copies and checkpoints, the first to end first; what nothing ends comes last.</summary>
    public async Task<ListedCopies> ListAsync(
        string? tenant,
        string? site,
        Visible visible,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var recorded = await store.ListAsync(tenant, site, cancellationToken);
        var kept = await checkpoints.ListAsync(visible, actor, cancellationToken);
        return new(
            [
                .. recorded
                    .Where(copy => visible.HasTenant(copy.What.Tenant.Value))
                    .Select(Listed)
                    .Concat(kept.Checkpoints.Select(Listed))
                    .Where(copy =>
                        (tenant is null || copy.Tenant.Value == tenant) && (site is null || copy.Site.Value == site)
                    )
                    .OrderBy(copy => copy.ExpiresAt is null)
                    .ThenBy(copy => copy.ExpiresAt)
                    .ThenBy(copy => copy.Id, StringComparer.Ordinal),
            ],
            [.. kept.Missing.Where(missing => site is null || missing.Site.Value == site)]
        );
    }

    /// <summary>What else holds a tenant's data, the first to end first.</summary>
    public async Task<IReadOnlyList<HeldData>> HeldAsync(TenantName tenant, CancellationToken cancellationToken)
    {
        var found = new List<HeldData>();
        foreach (var place in held)
        {
            found.AddRange(await place.OfAsync(tenant, cancellationToken));
        }

        return [.. found.OrderBy(data => data.EndsAt is null).ThenBy(data => data.EndsAt)];
    }

    /// <summary>Drops a recorded copy.</summary>
    /// <param name="onlyExpired">Leave it when its time was put off meanwhile.</param>
    public async Task<DropDataCopyResult> DropAsync(
        CopyId copy,
        string actor,
        string? reason,
        bool onlyExpired,
        CancellationToken cancellationToken
    ) =>
        await store.FindAsync(copy, cancellationToken) is not { } found
            ? new DropDataCopyResult.Unknown()
            : await requests.AskAsync(
                DropDataCopy.Kind,
                new(found.What.Site, new(copy, reason, onlyExpired), actor),
                DropBound,
                cancellationToken
            ) switch
            {
                SiteAnswer<DropDataCopyResult>.Given given => given.Answer,
                SiteAnswer<DropDataCopyResult>.Missing missing => new DropDataCopyResult.Held(missing.Reason),
                _ => throw new System.Diagnostics.UnreachableException(),
            };

    private static ListedCopy Listed(DataCopy copy) =>
        new(
            copy.Id.Value,
            copy.What.Kind.ToString().ToLowerInvariant(),
            copy.What.Tenant,
            copy.What.Site,
            copy.What.Owner,
            copy.What.Purpose,
            copy.Place,
            copy.What.Bytes,
            copy.What.IsMasked,
            copy.IsInUse,
            copy.MadeAt,
            copy.What.ExpiresAt
        );

    private static ListedCopy Listed(ListedCheckpoint checkpoint) =>
        new(
            checkpoint.Kept.Upgrade.Value,
            "checkpoint",
            checkpoint.Kept.Tenant,
            checkpoint.Site,
            checkpoint.Origin?.Rollout.Value ?? "nobody",
            $"the way back to {checkpoint.Origin?.Release ?? "a release that is not known here"}",
            checkpoint.Kept.Database,
            checkpoint.Kept.Bytes,
            IsMasked: false,
            checkpoint.Origin?.IsInUse ?? false,
            checkpoint.Kept.KeptSince,
            ExpiresAt: null
        );
}
