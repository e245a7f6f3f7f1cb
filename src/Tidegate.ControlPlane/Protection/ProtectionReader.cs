using System.Collections.Immutable;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Measurements;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Observations;
using Tidegate.ControlPlane.Rehearsals;

namespace Tidegate.ControlPlane.Protection;

/// <summary>Reads how the tenants that a release would change are protected. The number of statements grows with the sites, not with the tenants.</summary>
public sealed class ProtectionReader(
    ProofStore store,
    ProofReader proofs,
    ObservationStore observations,
    BackupStore backups,
    MeasurementStore measurements
)
{
    /// <summary>Where an environment has tenants.</summary>
    public async Task<IReadOnlyList<EnvironmentSite>> SitesAsync(
        EnvironmentName environment,
        CancellationToken cancellationToken
    )
    {
        var tenants = (await store.TenantsAsync(environment, cancellationToken)).ToLookup(tenant => tenant.Site);
        var names = tenants.Select(site => site.Key).ToList();
        var all = (await store.SizesAsync(names, cancellationToken)).ToLookup(
            each => each.Value.Site,
            each => each.Key
        );
        return
        [
            .. names
                .OrderBy(site => site.Value, StringComparer.Ordinal)
                .Select(site => new EnvironmentSite(
                    site,
                    tenants[site].Select(tenant => tenant.Name).ToHashSet(),
                    all[site].ToHashSet()
                )),
        ];
    }

    /// <param name="known">What was promised of recovering, and what was rehearsed.</param>
    public async Task<ProtectionFacts> ReadAsync(
        EnvironmentName environment,
        ReleaseRef release,
        int atOnce,
        KnownOfTenants known,
        CancellationToken cancellationToken
    )
    {
        var open = (await store.TenantsAsync(environment, cancellationToken))
            .Where(tenant => tenant.Runs != release.Digest)
            .ToList();
        var seen = await observations.ReadAsync(environment, cancellationToken);
        var fingerprints = new Dictionary<string, string>(StringComparer.Ordinal);
        var tenants = open.Select(tenant => (tenant.Site, Tenant: Make(tenant)))
            .ToLookup(each => each.Site, each => each.Tenant);
        var names = tenants.Select(site => site.Key).OrderBy(site => site.Value, StringComparer.Ordinal).ToList();
        var measured = await measurements.ListAsync(cancellationToken);
        var restores = await proofs.ReadAsync(names, known.Drills, cancellationToken);
        var sites = ImmutableArray.CreateBuilder<ProtectedSite>(names.Count);
        foreach (var site in names)
        {
            sites.Add(
                new(
                    await backups.FactsAsync(site, cancellationToken),
                    measured.GetValueOrDefault(site.Value),
                    [.. tenants[site]],
                    restores[site]
                )
            );
        }

        return new(release, sites.ToImmutable(), atOnce);

        ProtectedTenant Make(StoredTenant tenant)
        {
            var observation = seen.GetValueOrDefault(tenant.Name);
            var installed = observation?.Observation as TenantObservation.Seen;
            return new(
                tenant.Name,
                tenant.Database,
                tenant.Runs,
                installed?.DatabaseBytes,
                installed is null ? null : Fingerprint(observation!.Modules!, installed),
                tenant.BackedUpAt,
                known.Objectives.TryGetValue(tenant.Name, out var promised) ? promised : null,
                known.Rehearsals.GetValueOrDefault(tenant.Name)
            );
        }

        // Most tenants of a fleet have the same installed: it is hashed once.
        string Fingerprint(string modules, TenantObservation.Seen installed) =>
            fingerprints.TryGetValue(modules, out var made)
                ? made
                : fingerprints[modules] = RehearsalValidity.Fingerprint(
                    installed.Installed.Select(module => KeyValuePair.Create(module.Key, (string?)module.Value))
                );
    }
}

/// <summary>What is known of tenants beside their sites.</summary>
/// <param name="Objectives">The shortest recovery time that each was promised.</param>
/// <param name="Rehearsals">Of each that rehearsed the release, its newest.</param>
/// <param name="Drills">Of each scenario, site and tenant the newest.</param>
public sealed record KnownOfTenants(
    IReadOnlyDictionary<TenantName, TimeSpan> Objectives,
    IReadOnlyDictionary<TenantName, RehearsalBrief> Rehearsals,
    IReadOnlyList<StoredDrill> Drills
)
{
    public static IReadOnlyDictionary<TenantName, TimeSpan> Shortest(IEnumerable<ObjectiveTerms> objectives) =>
        objectives
            .SelectMany(terms => terms.Tenants.Select(tenant => (tenant, terms.Objective.RecoveryTime)))
            .GroupBy(each => each.tenant)
            .ToDictionary(each => each.Key, each => each.Min(promise => promise.RecoveryTime));
}
