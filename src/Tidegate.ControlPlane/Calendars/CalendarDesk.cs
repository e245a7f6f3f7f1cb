using System.Collections.Immutable;
using NodaTime;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>A question of a person: may this tenant start at that instant?</summary>
/// <param name="At">Null is now.</param>
/// <param name="Release">By name; null asks for a release of which nothing is known.</param>
/// <param name="Overrides">Rules that an emergency would go past, as <c>freeze:retail/black-friday</c>.</param>
public sealed record CalendarAsk(
    TenantName Tenant,
    DateTimeOffset? At,
    StartKind Kind,
    string? Release,
    IReadOnlyList<string> Overrides
)
{
    /// <summary>As if the release had this class, <c>A</c> to <c>E</c>; null asks by the release's own.</summary>
    public string? Class { get; init; }

    /// <summary>As if the release had this risk; null asks by the release's own.</summary>
    public string? Risk { get; init; }
}

/// <summary>Which rules an iCalendar file should hold.</summary>
/// <param name="Tenant">Those that speak of it; null for all.</param>
/// <param name="Class">Only those for releases of this class; null for any.</param>
/// <param name="Risk">Only those for releases of this risk; null for any.</param>
/// <param name="Days">How far ahead.</param>
public sealed record CalendarFileAsk(TenantName? Tenant, string? Class, string? Risk, int Days);

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
        var named = RuleOverrides.Whole(ask.Overrides, set.Rules, out var stranger);
        if (stranger is (var what, var next))
        {
            return new CalendarAskResult.Unknown(what, next);
        }

        var own = Target(member, release);
        var target = own with
        {
            Class = ask.Class ?? own.Class,
            Risk = ask.Risk ?? own.Risk,
            IsWithoutRelease = ask is { Kind: StartKind.Healing, Release: null, Class: null, Risk: null },
        };
        var at = Instant.FromDateTimeOffset(ask.At ?? clock.GetUtcNow());
        var overridden = RuleOverrides.Names(named);
        var question = new CalendarQuestion(target, ask.Kind, at) { Overridden = overridden };
        var group = new CalendarGroups(set.Rules, overridden).Of(target);
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
    /// <returns>Null where there is no such tenant.</returns>
    public async Task<string?> FileAsync(CalendarFileAsk ask, CancellationToken cancellationToken)
    {
        CalendarTarget? target = null;
        if (ask.Tenant is { } name)
        {
            if (await fleet.FindAsync([name], cancellationToken) is not [var member])
            {
                return null;
            }

            target = Target(member, release: null) with { Class = ask.Class, Risk = ask.Risk };
        }

        var set = await calendars.InForceAsync(cancellationToken);
        var from = Instant.FromDateTimeOffset(clock.GetUtcNow()).InUtc().Date.AtStartOfDayInZone(DateTimeZone.Utc);
        return ICalendarExport.Of(set, target, from.ToInstant(), from.ToInstant() + Duration.FromDays(ask.Days));
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
            release?.Class,
            release is null ? null : ReleaseRisk.Word(release.Risk.Level)
        );
}
