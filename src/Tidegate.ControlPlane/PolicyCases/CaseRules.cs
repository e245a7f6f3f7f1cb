using System.Collections.Immutable;
using NodaTime;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.PolicyCases;

/// <summary>Asks what the engine asks before each tenant starts: calendars, and how much may be at risk at once. Each tenant by itself.</summary>
internal sealed class CaseRules
{
    private static readonly UpgradeId Upgrade = new("u-case");

    private readonly CaseStart _start;
    private readonly CalendarGate _calendars;
    private readonly RiskGate _limits;

    public CaseRules(CaseStart start)
    {
        _start = start;
        _calendars = new(
            CaseStart.Rollout,
            new(start.Case.Kind, start.Case.Release.Class, start.Risk, IsTold: true)
            {
                Past = start.Emergency is { } emergency
                    ? OverriddenRules.Of(emergency.Id.Value, emergency.Overrides)
                    : null,
            },
            start.Calendars,
            start.Now
        );
        _limits = new(CaseStart.Rollout, Risk(start), start.Now);
    }

    /// <summary>What calendars say, and when they let it start; null where that is not in sight.</summary>
    public (IReadOnlyList<CaseHolder> Holders, Instant? Opens) Calendars(DesiredTenant tenant)
    {
        if (_start.Calendars.IsEmpty)
        {
            return ([], _start.At);
        }

        var candidate = new StartCandidate(
            Upgrade,
            CalendarCover.Target(_start.Fleet, tenant) with
            {
                Class = _start.Case.Release.Class,
                Risk = _start.Risk,
            },
            _start.Case.Given.Need
        );
        var started = _calendars
            .Openings([candidate])
            .ToDictionary(opening => opening, _ => _start.Case.Given.Started, StringComparer.Ordinal);
        return _calendars.Start(One(tenant), [candidate], started) is RolloutDecision.Wait wait
            ? ([.. Holders(wait)], wait.Wake is { } wake ? Instant.FromDateTimeOffset(wake) : null)
            : ([], _start.At);
    }

    /// <summary>What limits say.</summary>
    public IEnumerable<CaseHolder> Limits(DesiredTenant tenant)
    {
        var candidate = new RiskCandidate(Upgrade, tenant.Name, Site(_start.Fleet, tenant), Weight(tenant));
        return
            _limits.Exceeded(candidate) is { } limit
            && _limits.Start(One(tenant), [candidate]) is RolloutDecision.Wait wait
            ? wait.Blockers.Select(blocker => new CaseHolder(limit, blocker.What, blocker.Rule))
            : [];
    }

    private IEnumerable<CaseHolder> Holders(RolloutDecision.Wait wait) =>
        // Without a reason it is open, and does not fit.
        wait.Decision
            is { Reasons: { IsEmpty: false } reasons }
            ? reasons.Select(reason => new CaseHolder(Named(reason.Rule), reason.What, reason.Origin))
            : wait.Blockers.Select(blocker => new CaseHolder(Named(blocker.Origin!), blocker.What, blocker.Rule));

    private string Named(string rule) => RuleOverrides.Of(_start.Calendars.Rules.First(known => known.Name == rule));

    private RolloutDecision.Start One(DesiredTenant tenant) => new(Wave: 1, [new(Site(_start.Fleet, tenant), 1)]);

    private static EnvironmentRisk Risk(CaseStart start)
    {
        var fleet = start.Fleet;
        var begun = start.Case.Given.AtRisk.Select(name => fleet.Tenants[name]).ToList();
        return new(
            start.Case.Environment,
            start.Terms.Policy.Limits,
            start.Terms.Places,
            RiskWeights.Sum(
                fleet.Tenants.Where(tenant => fleet.EnvironmentOf(tenant).Name == start.Case.Environment).Select(Weight)
            ),
            RiskWeights.Sum(begun.Select(Weight)),
            begun.GroupBy(tenant => Site(fleet, tenant)).ToImmutableDictionary(site => site.Key, site => site.Count())
        );
    }

    private static SiteName Site(DesiredFleet fleet, DesiredTenant tenant) => fleet.Pools[tenant.Pool].Site;

    private static RiskWeights Weight(DesiredTenant tenant) => new(1, tenant.Stores, tenant.Revenue ?? 0);
}
