namespace Tidegate.Contracts.Calendars;

/// <summary>The trading calendars in force.</summary>
/// <param name="Set">Names them by their content: decisions tell which they were made of.</param>
/// <param name="Zones">The version of the time zone data.</param>
public sealed record CalendarsView(string Set, string Zones, IReadOnlyList<CalendarView> Calendars);

/// <summary>One calendar.</summary>
/// <param name="TimeZone">IANA name; null for each tenant's own.</param>
public sealed record CalendarView(string Name, string? TimeZone, IReadOnlyList<CalendarRuleView> Rules);

/// <summary>One rule of a calendar.</summary>
/// <param name="Name">With its calendar, <c>retail/black-friday</c>.</param>
/// <param name="Effect"><c>window</c>, <c>freeze</c> or <c>peak</c>.</param>
/// <param name="Says">The whole of it, for people.</param>
/// <param name="Gates">What it is asked of: <c>automatic</c>, <c>manual</c>, <c>healing</c>.</param>
/// <param name="LetsFinish">Whether who is under way goes on when it comes to stand against it.</param>
/// <param name="MostStarts">Of a window: how many tenants may start in one opening; null for any number.</param>
/// <param name="Origin">File and line in git.</param>
public sealed record CalendarRuleView(
    string Name,
    string Effect,
    string Says,
    IReadOnlyList<string> Gates,
    bool LetsFinish,
    int? MostStarts,
    string Origin
);

/// <summary>May a tenant start at an instant? Times are by its clock.</summary>
/// <param name="At">For which instant it was asked.</param>
/// <param name="Kind"><c>automatic</c>, <c>manual</c> or <c>healing</c>.</param>
/// <param name="Release">The release that would go there; null where none was named.</param>
/// <param name="Class">By which class of the release it is answered, <c>A</c> to <c>E</c>; null where nobody knows it.</param>
/// <param name="Risk">By which risk; null where nobody named it.</param>
/// <param name="Reasons">What stands against it.</param>
/// <param name="Rules">Every rule that speaks of the tenant.</param>
/// <param name="Past">What would stand against it, and an emergency goes past that names it.</param>
/// <param name="NextOpening">The first instant from then on at which it is open; null where that is not in sight.</param>
/// <param name="NextClosing">When it closes that is open then, or opens next; null where that is not in sight.</param>
public sealed record CalendarAnswer(
    string Tenant,
    string TimeZone,
    DateTimeOffset At,
    string Kind,
    string? Release,
    bool IsOpen,
    IReadOnlyList<CalendarReasonView> Reasons,
    IReadOnlyList<AskedRuleView> Rules,
    DateTimeOffset? NextOpening,
    DateTimeOffset? NextClosing,
    string Set,
    string Zones,
    IReadOnlyList<CalendarReasonView> Past,
    string? Class,
    string? Risk
);

/// <summary>One rule that stands against a start.</summary>
public sealed record CalendarReasonView(string Code, string Rule, string What, string Origin);

/// <summary>A rule that was asked, and whether it held.</summary>
public sealed record AskedRuleView(string Rule, string Effect, bool Holds, string Origin);
