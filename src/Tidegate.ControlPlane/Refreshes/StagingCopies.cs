using Tidegate.ControlPlane.Copies;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;

namespace Tidegate.ControlPlane.Refreshes;

/// <summary>The databases of staging tenants among the copies of their sources: until the next refresh, or for as long as somebody leaves them.</summary>
public sealed class StagingCopies(CopyStore store, TimeProvider clock)
{
    /// <summary>What takes a staging tenant's place is known before it does.</summary>
    public Task RecordAsync(StagedPair pair, long bytes, ClaimedJob claimed, CancellationToken cancellationToken) =>
        store.RecordAsync(
            new(
                CopyKind.Staging,
                pair.Staging.Terms.Source,
                claimed.Site,
                claimed.Actor,
                Purpose(pair.Staging.Name),
                claimed.Id,
                pair.Target.Tenant.Database,
                Folder: null,
                bytes,
                IsMasked: true,
                RefreshSchedule.Next(pair.Staging, clock.GetUtcNow())
            ),
            cancellationToken
        );

    /// <summary>Says of each when it ends now. One of a refresh that never came to its end is none.</summary>
    /// <param name="facts">Of all staging tenants of the site, by their databases.</param>
    public async Task SettleAsync(
        SiteName site,
        IReadOnlyDictionary<string, RefreshFact> facts,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var there = (await store.ListAsync(null, site.Value, cancellationToken)).Where(copy =>
            copy is { What.Kind: CopyKind.Staging, IsInUse: false }
        );
        foreach (var copy in there)
        {
            var fact = facts.GetValueOrDefault(copy.Place);
            if (fact is { SucceededAt: null, Last: null or { IsUnderWay: false } })
            {
                await store.ForgetAsync(copy.Id, copy.What.Owner, "its refresh came to nothing", cancellationToken);
                continue;
            }

            var end = fact is null ? null : RefreshSchedule.Next(fact.Staging, now);
            if (copy.What.ExpiresAt != end)
            {
                await store.RecordAsync(copy.What with { ExpiresAt = end }, cancellationToken);
            }
        }
    }

    private static string Purpose(TenantName tenant) => $"staging tenant {tenant}";
}
