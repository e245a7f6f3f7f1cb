using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Drills;

/// <summary>
/// Which drills objectives want, and how each stands. A scenario of tenants is played with one tenant of an objective at
/// a site at a time, whose last time is longest ago: a fleet of thousands is sampled, tenant after tenant.
/// </summary>
public static class DrillSchedule
{
    /// <param name="tenants">Tenants of the site.</param>
    /// <param name="newest">Of each scenario, site and tenant the newest drill.</param>
    public static DrillFacts Of(
        SiteName site,
        IReadOnlySet<TenantName> tenants,
        IReadOnlyCollection<ObjectiveTerms> objectives,
        IReadOnlyCollection<StoredDrill> newest
    )
    {
        var here = newest
            .Select(stored => stored.Drill)
            .Where(drill => drill.Site == site)
            .ToLookup(drill => drill.Scenario);
        return new([
            .. objectives.SelectMany(terms =>
            {
                var covered = terms.Tenants.Where(tenants.Contains).ToImmutableArray();
                return covered.IsEmpty
                    ? []
                    : DrillScenarios
                        .All.Where(scenario => terms.Objective.Drills.Of(scenario) is { Ticks: > 0 })
                        .Select(scenario => Fact(site, terms.Objective, scenario, covered, here[scenario]));
            }),
        ]);
    }

    private static DrillFact Fact(
        SiteName site,
        RecoveryObjective objective,
        DrillScenario scenario,
        ImmutableArray<TenantName> covered,
        IEnumerable<DrillResult> drills
    )
    {
        var names = covered.ToHashSet();
        var counting = drills
            .Where(drill => !scenario.IsOfTenant() || (drill.Tenant is { } tenant && names.Contains(tenant)))
            .ToList();
        var last = counting.MaxBy(drill => drill.EndedAt);
        var times = scenario.IsOfTenant()
            ? counting.ToDictionary(drill => drill.Tenant!.Value, drill => drill.EndedAt)
            : [];
        return new(
            objective.Name,
            scenario,
            site,
            objective.Drills.Of(scenario)!.Value,
            objective.Proof,
            scenario.IsOfTenant()
                ? covered.MinBy(tenant => times.TryGetValue(tenant, out var at) ? at : DateTimeOffset.MinValue)
                : null,
            last?.Id,
            last?.EndedAt,
            last is null ? null : VerdictOn(objective.Name, last)
        );
    }

    /// <summary>A drill that did not know of the objective says nothing about it.</summary>
    private static GateVerdict VerdictOn(ObjectiveName objective, DrillResult drill)
    {
        var judged = drill.Judgement.Processes.FirstOrDefault(process => process.Objective == objective);
        return drill.Failure is not null || drill.Measured.Checks.Any(check => check.Holds is false) ? GateVerdict.Fail
            : judged is null || drill.Measured.Checks.Any(check => check.Holds is null) ? GateVerdict.Inconclusive
            : judged.Verdict;
    }
}
