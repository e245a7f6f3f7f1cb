using System.Collections.Immutable;
using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rehearsals;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Protection;

/// <summary>Asks the gates that look at how an environment's tenants are protected.</summary>
public sealed class ProtectionDesk(
    ProtectionReader reader,
    ObjectiveStore objectives,
    RehearsalStore rehearsals,
    DrillStore drills,
    TimeProvider clock
)
{
    /// <summary>Whether the way back of every tenant that the release would change is proven.</summary>
    /// <param name="policy">One whose protection asks for something.</param>
    public async Task<GateAnswer> ProtectedAsync(
        EnvironmentName environment,
        ReleaseRef release,
        EnvironmentPolicy policy,
        CancellationToken cancellationToken
    )
    {
        var facts = await reader.ReadAsync(
            environment,
            release,
            policy.Rollout.Concurrency ?? new RolloutPolicy().Concurrency,
            new(
                KnownOfTenants.Shortest(await objectives.ListAsync(cancellationToken)),
                (await rehearsals.NewestAsync(release.Digest, cancellationToken)).ToDictionary(brief => brief.Tenant),
                await drills.NewestAsync(cancellationToken)
            ),
            cancellationToken
        );
        return ProtectedGate.Ask(policy.Protection, facts, clock.GetUtcNow());
    }

    /// <summary>Whether the drills are played that objectives of its tenants want proven.</summary>
    public async Task<GateAnswer> DrilledAsync(EnvironmentName environment, CancellationToken cancellationToken)
    {
        var wanted = await objectives.ListAsync(cancellationToken);
        var sites = await reader.SitesAsync(environment, cancellationToken);
        var newest = await drills.NewestAsync(cancellationToken);
        var facts = sites
            .SelectMany(site => DrillSchedule.Of(site.Site, site.All, Covering(wanted, site), newest).All)
            .ToImmutableArray();
        return DrilledGate.Ask(new(facts), clock.GetUtcNow());
    }

    private static List<ObjectiveTerms> Covering(IReadOnlyList<ObjectiveTerms> wanted, EnvironmentSite site) =>
        [.. wanted.Where(terms => terms.Tenants.Any(site.Tenants.Contains))];
}
