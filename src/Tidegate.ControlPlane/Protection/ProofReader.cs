using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Objectives;

namespace Tidegate.ControlPlane.Protection;

/// <summary>Reads what restores there were at sites: verifications of backups, rehearsals, refreshes of staging tenants, and drills of the recovery of one tenant or a whole cluster.</summary>
public sealed class ProofReader(ProofStore store)
{
    /// <summary>One entry for each of the sites.</summary>
    /// <param name="drills">Of each scenario, site and tenant the newest.</param>
    public async Task<IReadOnlyDictionary<SiteName, RestoreProofs>> ReadAsync(
        IReadOnlyCollection<SiteName> sites,
        IReadOnlyCollection<StoredDrill> drills,
        CancellationToken cancellationToken
    )
    {
        var sizes = await store.SizesAsync(sites, cancellationToken);
        var clusters = await store.ClustersAsync(sites, cancellationToken);
        var tenants = (await store.RestoresAsync(sites, cancellationToken))
            .Concat(drills.Select(stored => Of(stored.Drill)).OfType<(SiteName, TenantName, RestoreProof)>())
            .ToLookup(
                each => each.Item1,
                each => new TenantProof(each.Item2, sizes.GetValueOrDefault(each.Item2).Bytes, each.Item3)
            );
        return sites.ToDictionary(
            site => site,
            site =>
            {
                var cluster = Newest(
                    clusters.GetValueOrDefault(site),
                    drills.FirstOrDefault(stored =>
                        stored.Drill is { Scenario: DrillScenario.ClusterLoss } drill && drill.Site == site
                    )
                );
                return new RestoreProofs(cluster?.Proof, cluster?.Databases ?? [], [.. tenants[site]]);
            }
        );
    }

    /// <summary>A drill that read what it restored is as good as a verification. One that failed says it of what the verification had.</summary>
    private static ClusterProof? Newest(ClusterProof? verified, StoredDrill? drilled)
    {
        if (drilled is not { Drill: var drill } || drill is { Failure: null, Measured.Restored: null })
        {
            return verified;
        }

        var restored = drill.Measured.Restored;
        return verified is not null && verified.Proof.At >= drill.EndedAt
            ? verified
            : new(Proof(drill, restored?.Took), restored?.Databases ?? verified?.Databases ?? []);
    }

    /// <summary>Null where the scenario does not recover one tenant out of a backup.</summary>
    private static (SiteName, TenantName, RestoreProof)? Of(DrillResult drill) =>
        drill is { Scenario: DrillScenario.TenantCorruption, Tenant: { } tenant }
            ? (drill.Site, tenant, Proof(drill, drill.Measured.RecoveryTime))
            : null;

    private static RestoreProof Proof(DrillResult drill, TimeSpan? took) =>
        new(
            $"drill {drill.Id}",
            drill.EndedAt,
            took,
            drill.Failure
                ?? drill
                    .Measured.Checks.Where(check => check.Holds is false)
                    .Select(check => $"{check.What}: {check.Detail}")
                    .FirstOrDefault()
        );
}
