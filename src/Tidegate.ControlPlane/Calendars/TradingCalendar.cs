using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>A calendar as git has it, its rules as they are written. <see cref="CalendarReading"/> makes rules of it.</summary>
/// <param name="Name">The stem of its file, <c>calendars/NAME.yaml</c>.</param>
public sealed record TradingCalendar(CalendarName Name, ImmutableArray<WrittenRule> Rules) : INamed<CalendarName>
{
    /// <summary>IANA name; null for each tenant's own.</summary>
    public string? TimeZone { get; init; }
}

/// <summary>A rule as it is written.</summary>
/// <param name="Name">Within its calendar.</param>
public sealed record WrittenRule(string Name)
{
    /// <summary>What it takes from <see cref="CalendarPresets"/> where it does not say; null takes nothing.</summary>
    public string? Preset { get; init; }

    /// <summary>Null is the preset's.</summary>
    public RuleEffect? Effect { get; init; }

    public WrittenScope Scope { get; init; } = new();

    /// <summary>Null is the preset's.</summary>
    public WrittenTimes? When { get; init; }

    /// <summary>IANA name; null for the calendar's.</summary>
    public string? TimeZone { get; init; }

    public ImmutableArray<StartKind> Gates { get; init; } = [StartKind.Automatic, StartKind.Manual, StartKind.Healing];

    public bool LetsFinish { get; init; } = true;

    public int? MostStarts { get; init; }

    /// <summary>Where it begins in its file.</summary>
    public int Line { get; init; } = 1;
}

/// <summary>Of what a rule speaks, as it is written: <see cref="CalendarScope"/>.</summary>
public sealed record WrittenScope
{
    public ImmutableArray<string> Environments { get; init; } = [];

    public ImmutableArray<string> Sites { get; init; } = [];

    public ImmutableArray<string> Pools { get; init; } = [];

    public ImmutableArray<string> Tenants { get; init; } = [];

    /// <summary><see cref="TagExpression"/>.</summary>
    public string? Tags { get; init; }

    public ImmutableArray<string> Classes { get; init; } = [];

    public ImmutableArray<string> Risks { get; init; } = [];

    public ScopeCombination Match { get; init; }
}

/// <summary>When a rule holds, as it is written: hours of days, one time to another, a recurrence rule, or cron.</summary>
public sealed record WrittenTimes
{
    public string? Days { get; init; }

    public string? Hours { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }

    public string? Rrule { get; init; }

    /// <summary>Times at which <see cref="Rrule"/> does not come.</summary>
    public ImmutableArray<string> Except { get; init; } = [];

    public string? Cron { get; init; }

    public string? EndCron { get; init; }

    /// <summary>How long it holds, from each time that a rule or cron names.</summary>
    public string? For { get; init; }

    /// <summary>Until which time of the day it holds, from each time that a rule or cron names.</summary>
    public string? Until { get; init; }
}
