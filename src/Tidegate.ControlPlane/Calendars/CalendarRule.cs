using System.Collections.Immutable;
using NodaTime;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>One rule of a calendar: of whom it speaks, when it holds, and what then.</summary>
/// <param name="Name">Of the calendar and the rule, <c>retail/black-friday</c>: an override names it.</param>
/// <param name="Zone">Null for each tenant's own.</param>
/// <param name="Gates">What kinds of start it is asked of.</param>
/// <param name="LetsFinish">Whether work that was begun when it might be goes on when the rule comes to stand against it.</param>
/// <param name="Origin">File and line in git.</param>
public sealed record CalendarRule(
    string Name,
    RuleEffect Effect,
    CalendarScope Scope,
    Recurrence When,
    DateTimeZone? Zone,
    ImmutableHashSet<StartKind> Gates,
    bool LetsFinish,
    string Origin
)
{
    /// <summary>Of a window: how many tenants may start in one opening of it; null for any number.</summary>
    public int? MostStarts { get; init; }

    public DateTimeZone ZoneOf(CalendarTarget target) => Zone ?? target.Zone;
}

/// <summary>What a rule does while it holds.</summary>
public enum RuleEffect
{
    /// <summary>Change may start. Where there is one, it may not outside of all.</summary>
    Window,

    /// <summary>Change may not start.</summary>
    Freeze,

    /// <summary>The shops trade most: a freeze by another name, so that people read why.</summary>
    Peak,
}

/// <summary>Why work starts. The way back is none of them: no calendar is asked for it.</summary>
public enum StartKind
{
    /// <summary>Nobody stands behind it: promotion, a schedule.</summary>
    Automatic,

    /// <summary>A person asked for it.</summary>
    Manual,

    /// <summary>Live state is made as desired again.</summary>
    Healing,
}
