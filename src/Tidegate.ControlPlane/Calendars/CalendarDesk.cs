using System.Collections.Immutable;
using NodaTime;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>A question of a person: may this tenant start at that instant?</summary>
/// <param name="At">Null is now.</param>
/// <param name="Release">By name; null asks for a release of which nothing is known.</param>
public sealed record CalendarAsk(TenantName Tenant, DateTimeOffset? At, StartKind Kind, string? Release);

/// <summary>What came of it.</summary>
public abstract record CalendarAskResult
{
    private CalendarAskResult() { }

    public sealed record Answered(
        CalendarTarget Target,
        CalendarQuestion Question,
        CalendarDecision Decision,
        Instant? NextOpening,
        Instant? NextClosing,
        CalendarSet Set
    ) : CalendarAskResult;

    public sealed record Unknown(string What, string Next) : CalendarAskResult;
}

/// <summary>Answers people's questions about calendars: by the same decision that the engine makes.</summary>
public sealed class CalendarDesk(ICalendars calendars, FleetStore fleet, ReleaseStore releases, TimeProvider clock)
{
    public async Task<CalendarAskResult> AskAsync(CalendarAsk ask, CancellationToken cancellationToken)
    {
        if (await fleet.FindAsync([ask.Tenant], cancellationToken) is not [var member])
        {
            return new CalendarAskResult.Unknown(
                $"there is no tenant \"{ask.Tenant}\".",
                "tidegate tenant list shows those there are."
            );
        }

        var release = ask.Release is { } name ? await releases.FindAsync(name, cancellationToken) : null;
        if (ask.Release is not null && release is null)
        {
            return new CalendarAskResult.Unknown(
                $"there is no release \"{ask.Release}\".",
                "tidegate release list shows those there are."
            );
        }

        var set = await calendars.InForceAsync(cancellationToken);
        var target = Target(member, release);
        var at = Instant.FromDateTimeOffset(ask.At ?? clock.GetUtcNow());
        var question = new CalendarQuestion(target, ask.Kind, at);
        var group = new CalendarGroups(set.Rules).Of(target);
        return new CalendarAskResult.Answered(
            target,
            question,
            group.Decide(question),
            group.NextOpening(ask.Kind, at),
            group.NextClosing(ask.Kind, at),
            set
        );
    }

    /// <summary>How far an iCalendar file may look ahead.</summary>
    public const int MostDays = 800;

    /// <summary>The calendars in force as an iCalendar file, from today's beginning on.</summary>
    /// <param name="tenant">Whose rules; null for all.</param>
    /// <returns>Null where there is no such tenant.</returns>
    public async Task<string?> FileAsync(TenantName? tenant, int days, CancellationToken cancellationToken)
    {
        CalendarTarget? target = null;
        if (tenant is { } name)
        {
            if (await fleet.FindAsync([name], cancellationToken) is not [var member])
            {
                return null;
            }

            target = Target(member, release: null);
        }

        var set = await calendars.InForceAsync(cancellationToken);
        var from = Instant.FromDateTimeOffset(clock.GetUtcNow()).InUtc().Date.AtStartOfDayInZone(DateTimeZone.Utc);
        return ICalendarExport.Of(set, target, from.ToInstant(), from.ToInstant() + Duration.FromDays(days));
    }

    /// <summary>A tenant as calendars know it.</summary>
    public static CalendarTarget Target(FleetMember member, ReleaseRecord? release) =>
        new(
            member.Tenant.Name,
            member.Pool.Environment,
            member.Pool.Site,
            member.Pool.Name,
            member.Tenant.Tags.ToImmutableHashSet(StringComparer.Ordinal),
            CalendarText.Zone(member.Tenant.TimeZone),
            release?.Validation?.Class?.ToString(),
            release is null ? null : ReleaseRisk.Word(release.Risk.Level)
        );
}
