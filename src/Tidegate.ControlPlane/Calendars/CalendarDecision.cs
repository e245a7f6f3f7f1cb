using System.Collections.Immutable;
using NodaTime;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>May this start, at this instant?</summary>
/// <param name="At">When it would run, not when it is asked.</param>
public sealed record CalendarQuestion(CalendarTarget Target, StartKind Kind, Instant At)
{
    /// <summary>For work that goes on: when it was begun. Null for work that would begin.</summary>
    public Instant? Since { get; init; }

    /// <summary>Work that goes on and was begun when it might be, by the calendars of that time.</summary>
    public bool IsUnderWay { get; init; }

    /// <summary>Rules that an emergency change overrides, each by its name. One that is not named stands.</summary>
    public ImmutableHashSet<string> Overridden { get; init; } = [];

    /// <summary>Which emergency overrides them, by its id; null where none does.</summary>
    public string? Emergency { get; init; }

    /// <summary>How many tenants have started in the present opening of a window, by its name; a window that is not named has none.</summary>
    public ImmutableDictionary<string, int> Started { get; init; } = ImmutableDictionary<string, int>.Empty;
}

/// <summary>The answer, with all that it rests on.</summary>
/// <param name="Reasons">What stands against it; empty where nothing does.</param>
/// <param name="Asked">Every rule that speaks of the target, and whether it held.</param>
/// <param name="Zones">The version of the time zone data, <c>TZDB: 2026f (mapping: …)</c>.</param>
public sealed record CalendarDecision(
    ImmutableArray<CalendarReason> Reasons,
    ImmutableArray<AskedRule> Asked,
    Instant At,
    string Zones
)
{
    public bool IsOpen => Reasons.IsEmpty;

    /// <summary>Rules that would stand against it, and were gone past because they were overridden by name.</summary>
    public ImmutableArray<CalendarReason> Past { get; init; } = [];
}

/// <summary>A rule that was asked, and whether it held.</summary>
public sealed record AskedRule(CalendarRule Rule, bool Holds)
{
    /// <summary>Whether it is known to speak of this release.</summary>
    public bool IsSure { get; init; } = true;
}

/// <summary>One rule that stands against a start.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Rule">The rule's name.</param>
/// <param name="What">One sentence.</param>
/// <param name="Origin">File and line in git.</param>
public sealed record CalendarReason(string Code, string Rule, string What, string Origin)
{
    public const string Frozen = "frozen";
    public const string OutsideWindow = "outside-window";
    public const string WindowFull = "window-full";
    public const string ClassUnknown = "class-unknown";
    public const string Unreadable = "calendar-unreadable";
    public const string DoesNotFit = "does-not-fit";

    /// <summary>What helps where nothing opens within sight.</summary>
    /// <param name="next">What is to be done of one that has begun.</param>
    internal string Remedy(string next = "") =>
        Code is ClassUnknown
            ? $"validate the release against the one before it, or rehearse it, so that its class is known{next}"
            : "change the rule in git: it does not open within sight";

    internal static CalendarReason Of(AskedRule asked) => Of(asked.Rule, asked);

    private static CalendarReason Of(CalendarRule rule, AskedRule asked) =>
        rule switch
        {
            { When: Recurrence.Unreadable broken } => new(
                Unreadable,
                rule.Name,
                $"{rule.Name} cannot be read: {broken.Why}.",
                rule.Origin
            ),
            { Effect: RuleEffect.Freeze } => new(Frozen, rule.Name, $"The freeze {rule.Name} holds.", rule.Origin),
            { Effect: RuleEffect.Peak } => new(Frozen, rule.Name, $"The trading peak {rule.Name} holds.", rule.Origin),
            _ when !asked.IsSure => new(
                ClassUnknown,
                rule.Name,
                $"The window {rule.Name} is for {CalendarWords.Releases(rule.Scope)} alone, and nobody knows whether this is one.",
                rule.Origin
            ),
            _ when asked.Holds => new(
                WindowFull,
                rule.Name,
                $"The window {rule.Name} has had all the {rule.MostStarts} starts of this opening.",
                rule.Origin
            ),
            _ => new(OutsideWindow, rule.Name, $"The window {rule.Name} is closed.", rule.Origin),
        };
}
