using System.Collections.Immutable;
using NodaTime;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>Tenants of whom the same rules speak by the same clock are asked once, for all of them: a fleet has few kinds.</summary>
/// <param name="overridden">Rules that an emergency overrides, by name: what is looked ahead leaves them out.</param>
public sealed class CalendarGroups(ImmutableArray<CalendarRule> rules, ImmutableHashSet<string>? overridden = null)
{
    private readonly ImmutableHashSet<string> _overridden = overridden ?? [];
    private readonly RuleHolds _holds = new();
    private readonly Dictionary<(string Fits, DateTimeZone Zone), CalendarGroup> _groups = [];

    public CalendarGroup Of(CalendarTarget target)
    {
        var fits = rules.Select(rule => rule.Scope.Fit(target)).ToArray();
        var key = (string.Concat(fits.Select(fit => (char)('0' + (int)fit))), target.Zone);
        if (!_groups.TryGetValue(key, out var group))
        {
            var speaking = rules.Where((_, number) => fits[number] is not ScopeFit.No);
            _groups.Add(key, group = new(target, [.. speaking], _overridden, _holds));
        }

        return group;
    }
}

/// <summary>What calendars say of tenants that are alike to them.</summary>
public sealed class CalendarGroup
{
    // Wide enough for a rule that comes once a year; most are answered by the first.
    private static readonly Duration[] Ahead = [Duration.FromDays(14), Duration.FromDays(400)];

    private readonly CalendarTarget _example;
    private readonly ImmutableHashSet<string> _overridden;
    private readonly CalendarDecider _decider;
    private readonly ImmutableArray<CalendarRule> _windows;
    private readonly Dictionary<(StartKind, Instant, Instant), CalendarTimeline> _timelines = [];
    private readonly Dictionary<Instant, ImmutableArray<WindowOpening>> _openings = [];

    /// <param name="example">One of them.</param>
    /// <param name="rules">Those that speak of it, surely or not.</param>
    internal CalendarGroup(
        CalendarTarget example,
        ImmutableArray<CalendarRule> rules,
        ImmutableHashSet<string> overridden,
        RuleHolds holds
    )
    {
        (_example, Rules, _overridden, _decider) = (example, rules, overridden, new CalendarDecider(rules, holds));
        _windows =
        [
            .. rules.Where(rule => rule.Effect is RuleEffect.Window && rule.Scope.Fit(example) is ScopeFit.Yes),
        ];
        IsCapped = _windows.Any(window => window.MostStarts is not null);
    }

    public ImmutableArray<CalendarRule> Rules { get; }

    public DateTimeZone Zone => _example.Zone;

    /// <param name="question">Of any of them.</param>
    public CalendarDecision Decide(CalendarQuestion question) => _decider.Decide(question);

    public CalendarTimeline Timeline(StartKind kind, Instant from, Instant until)
    {
        var key = (kind, from, until);
        if (!_timelines.TryGetValue(key, out var known))
        {
            _timelines.Add(key, known = CalendarTimeline.Of(_example, kind, _overridden, Rules, from, until));
        }

        return known;
    }

    /// <summary>The first instant from which on work of that length ends before it closes; null where that is not in sight.</summary>
    public Instant? FirstFit(StartKind kind, Instant from, Duration need) =>
        Ahead
            .Select(ahead => Timeline(kind, from, from + ahead).FirstFit(from, need))
            .FirstOrDefault(found => found is not null);

    /// <summary>The first instant at which it is open; null where that is not in sight.</summary>
    public Instant? NextOpening(StartKind kind, Instant from) =>
        Ahead
            .Select(ahead => Timeline(kind, from, from + ahead).NextOpening(from))
            .FirstOrDefault(found => found is not null);

    /// <summary>When it closes that is open now, or opens next; null where that is not in sight.</summary>
    public Instant? NextClosing(StartKind kind, Instant from) =>
        Ahead
            .Select(ahead => Timeline(kind, from, from + ahead).NextClosing(from))
            .FirstOrDefault(found => found is not null);

    /// <summary>Whether a window lets only so many start.</summary>
    public bool IsCapped { get; }

    /// <summary>Whether a window is open that any number may start in.</summary>
    public bool IsOpenBeside(Instant at) =>
        _windows.Any(window => window.MostStarts is null && Spans.Contains(window.When, at, window.ZoneOf(_example)));

    /// <summary>Which rule closes it at an instant, by name; null where none stands against it.</summary>
    public string? ClosedBy(StartKind kind, Instant at) =>
        Decide(new(_example, kind, at) { Overridden = _overridden }).Reasons is [var reason, ..] ? reason.Rule : null;

    /// <summary>The openings of windows that hold at an instant and let only so many start.</summary>
    public ImmutableArray<WindowOpening> Openings(Instant at)
    {
        if (!_openings.TryGetValue(at, out var known))
        {
            _openings.Add(
                at,
                known = [
                    .. _windows
                        .Where(window => window.MostStarts is not null)
                        .Select(window => WindowOpening.Of(window, window.ZoneOf(_example), at))
                        .OfType<WindowOpening>(),
                ]
            );
        }

        return known;
    }
}

/// <summary>One opening of a window: from its start to its end it lets so many tenants start.</summary>
/// <param name="Key">Names it, for counting: <c>retail/nights@Europe/Oslo@2026-11-27T21:00:00Z</c>.</param>
public sealed record WindowOpening(CalendarRule Rule, Interval Span, string Key)
{
    private static readonly Duration LookBack = Duration.FromDays(40);

    /// <summary>Null where it is closed.</summary>
    public static WindowOpening? Of(CalendarRule rule, DateTimeZone zone, Instant at)
    {
        var spans = Spans.Within(rule.When, at - LookBack, at + LookBack, zone).Where(span => span.Contains(at));
        foreach (var span in spans)
        {
            // A window that was open all the time has no beginning to count from: each of its days is one.
            var start =
                span.Start > at - LookBack ? span.Start : at.InZone(zone).Date.AtStartOfDayInZone(zone).ToInstant();
            return new(rule, span, $"{rule.Name}@{zone.Id}@{start}");
        }

        return null;
    }
}
