using System.Collections.Immutable;
using NodaTime;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.DesiredState;

/// <summary>Of whom a calendar speaks.</summary>
internal static class CalendarCover
{
    /// <summary>The calendars of which a rule speaks of one of these tenants, whatever release goes to it.</summary>
    public static IEnumerable<TradingCalendar> Of(DesiredFleet fleet, IEnumerable<DesiredTenant> tenants)
    {
        var targets = tenants.Select(tenant => Target(fleet, tenant)).ToList();
        return fleet.Calendars.Where(calendar =>
        {
            var rules = CalendarReading.Rules(calendar).ToList();
            return targets.Exists(target => rules.Exists(rule => rule.Scope.Covers(target)));
        });
    }

    /// <summary>The environments of whose tenants it speaks; none where there is no such calendar.</summary>
    public static IEnumerable<EnvironmentName> Environments(DesiredFleet fleet, CalendarName name)
    {
        if (fleet.Calendars.Find(name) is not { } calendar)
        {
            return [];
        }

        var rules = CalendarReading.Rules(calendar).ToList();
        return fleet
            .Tenants.Select(tenant => Target(fleet, tenant))
            .Where(target => rules.Exists(rule => rule.Scope.Covers(target)))
            .Select(target => target.Environment)
            .Distinct();
    }

    /// <summary>A tenant as calendars know it, whatever release goes to it.</summary>
    public static CalendarTarget Target(DesiredFleet fleet, DesiredTenant tenant)
    {
        var pool = fleet.Pools[tenant.Pool];
        return new(
            tenant.Name,
            pool.Environment,
            pool.Site,
            pool.Name,
            tenant.Tags.ToImmutableHashSet(StringComparer.Ordinal),
            DateTimeZoneProviders.Tzdb[tenant.TimeZone],
            Class: null,
            Risk: null
        );
    }
}
