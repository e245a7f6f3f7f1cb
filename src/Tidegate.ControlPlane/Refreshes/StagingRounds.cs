using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Refreshes;

/// <summary>Looks at a site's staging tenants.</summary>
public sealed class StagingRounds(StagingReader reader, StagingStore store, StagingCopies copies)
{
    /// <summary>How each stands; the list of copies says the same afterwards.</summary>
    public async Task<IReadOnlyList<RefreshFact>> LookAsync(SiteName site, CancellationToken cancellationToken)
    {
        var here = (await reader.ListAsync(cancellationToken)).Where(pair => pair.Target.Pool.Site == site).ToList();
        var refreshes = await store.RefreshesAsync([.. here.Select(pair => pair.Staging.Name)], cancellationToken);
        var facts = here.ToDictionary(
            pair => pair.Target.Tenant.Database,
            pair =>
            {
                var (last, succeeded) = refreshes.GetValueOrDefault(pair.Staging.Name);
                return new RefreshFact(pair.Staging, last, succeeded, pair.Refusal, pair.Waits);
            },
            StringComparer.Ordinal
        );

        await copies.SettleAsync(site, facts, cancellationToken);
        return [.. facts.Values];
    }
}
