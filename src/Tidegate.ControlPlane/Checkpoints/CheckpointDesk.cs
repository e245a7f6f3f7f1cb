using System.Collections.Immutable;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Checkpoints;

/// <summary>A checkpoint with what is known of its origin; null when this control plane does not know the upgrade.</summary>
public sealed record ListedCheckpoint(SiteName Site, KeptCheckpoint Kept, CheckpointOrigin? Origin, TimeSpan Age);

/// <summary>The checkpoints of all sites.</summary>
/// <param name="Missing">One sentence for each site that did not say what it keeps.</param>
public sealed record ListedCheckpoints(
    IReadOnlyList<ListedCheckpoint> Checkpoints,
    ImmutableArray<(SiteName Site, string Reason)> Missing
);

/// <summary>Shows the checkpoints of all sites and has the one that is no longer wanted dropped by its own site's server.</summary>
public sealed class CheckpointDesk(
    SiteStore sites,
    FleetStore fleet,
    SiteRequests requests,
    CheckpointStore store,
    TimeProvider clock
)
{
    private static readonly TimeSpan ListBound = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DropBound = TimeSpan.FromMinutes(2);

    /// <summary>Every checkpoint of the tenants that whoever asks may see, the oldest first.</summary>
    public async Task<ListedCheckpoints> ListAsync(Visible visible, string actor, CancellationToken cancellationToken)
    {
        var names = (await sites.ListAsync(cancellationToken)).Keys.OrderBy(site => site.Value, StringComparer.Ordinal);
        var answers = await Task.WhenAll(
            names.Select(async site =>
                (
                    site,
                    answer: await requests.AskAsync(
                        ListCheckpoints.Kind,
                        new(site, new(), actor),
                        ListBound,
                        cancellationToken
                    )
                )
            )
        );
        var kept = answers
            .SelectMany(asked =>
                asked.answer is SiteAnswer<KeptCheckpoints>.Given { Answer.Checkpoints: var checkpoints }
                    ? checkpoints.Select(checkpoint => (asked.site, checkpoint))
                    : []
            )
            .Where(found => visible.HasTenant(found.checkpoint.Tenant.Value))
            .OrderBy(found => found.checkpoint.KeptSince)
            .ToList();
        var origins = await store.OriginsAsync(kept.Select(found => found.checkpoint.Upgrade), cancellationToken);
        // That a site is silent concerns whose tenants are there.
        var concerns = visible.IsEverything ? null : await fleet.SitesAsync(visible, cancellationToken);
        var now = clock.GetUtcNow();
        return new(
            [
                .. kept.Select(found => new ListedCheckpoint(
                    found.site,
                    found.checkpoint,
                    origins.GetValueOrDefault(found.checkpoint.Upgrade),
                    now - found.checkpoint.KeptSince
                )),
            ],
            [
                .. answers.SelectMany(asked =>
                    asked.answer is SiteAnswer<KeptCheckpoints>.Missing missing
                    && concerns?.Contains(asked.site) is not false
                        ? [(asked.site, missing.Reason)]
                        : Array.Empty<(SiteName, string)>()
                ),
            ]
        );
    }

    /// <summary>Drops an upgrade's checkpoint: from then on its tenant has no way back by swap.</summary>
    public async Task<DropResult> DropAsync(
        UpgradeId upgrade,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    )
    {
        var origins = await store.OriginsAsync([upgrade], cancellationToken);
        return origins.GetValueOrDefault(upgrade) is not { } origin
            ? new DropResult.Unknown()
            : await requests.AskAsync(
                DropKept.Kind,
                new(origin.Site, new(upgrade, reason), actor),
                DropBound,
                cancellationToken
            ) switch
            {
                SiteAnswer<DropResult>.Given given => given.Answer,
                SiteAnswer<DropResult>.Missing missing => new DropResult.Unanswered(missing.Reason),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
    }
}
