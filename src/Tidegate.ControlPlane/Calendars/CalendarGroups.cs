using System.Collections.Immutable;
using NodaTime;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>Tenants of whom the same rules speak by the same clock are asked once, for all of them: a fleet has few kinds.</summary>
public sealed class CalendarGroups(ImmutableArray<CalendarRule> rules)
{
    // Only these can tell tenants apart that are alike in everything else.
    private readonly ImmutableArray<CalendarRule> _byName = [.. rules.Where(rule => !rule.Scope.Tenants.IsEmpty)];
    private readonly RuleHolds _holds = new();
    private readonly Dictionary<Kind, CalendarGroup> _known = [];
    private readonly Dictionary<(string Rules, DateTimeZone Zone), CalendarGroup> _groups = [];

    public CalendarGroup Of(CalendarTarget target)
    {
        var kind = new Kind(
            target.Environment,
            target.Site,
            target.Pool,
            string.Join(' ', target.Tags.Order(StringComparer.Ordinal)),
            target.Zone,
            (target.Class, target.Risk),
            string.Concat(_byName.Select(rule => rule.Scope.Covers(target) ? '1' : '0'))
        );
        if (!_known.TryGetValue(kind, out var group))
        {
            _known.Add(kind, group = ByRules(target));
        }

        return group;
    }

    /// <summary>Kinds of which the same rules speak are one: a pool that no rule names makes no difference.</summary>
    private CalendarGroup ByRules(CalendarTarget target)
    {
        var covers = rules.Select(rule => rule.Scope.Covers(target)).ToArray();
        var key = (string.Concat(covers.Select(covered => covered ? '1' : '0')), target.Zone);
        if (!_groups.TryGetValue(key, out var group))
        {
            _groups.Add(key, group = new(target, [.. rules.Where((_, number) => covers[number])], _holds));
        }

        return group;
    }

    private sealed record Kind(
        EnvironmentName Environment,
        SiteName Site,
        PoolName Pool,
        string Tags,
        DateTimeZone Zone,
        (string? Class, string? Risk) Release,
        string ByName
    );
}

/// <summary>What calendars say of tenants that are alike to them.</summary>
public sealed class CalendarGroup
{
    // Wide enough for a rule that comes once a year; most are answered by the first.
    private static readonly Duration[] Ahead = [Duration.FromDays(14), Duration.FromDays(400)];

    private readonly CalendarTarget _example;
    private readonly CalendarDecider _decider;
    private readonly Dictionary<(StartKind, Instant, Instant), CalendarTimeline> _timelines = [];
    private readonly Dictionary<Instant, ImmutableArray<WindowOpening>> _openings = [];

    /// <param name="example">One of them.</param>
    /// <param name="rules">Those that speak of it.</param>
    internal CalendarGroup(CalendarTarget example, ImmutableArray<CalendarRule> rules, RuleHolds holds)
    {
        (_example, Rules, _decider) = (example, rules, new CalendarDecider(rules, holds));
        IsCapped = rules.Any(rule => rule is { Effect: RuleEffect.Window, MostStarts: not null });
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
            _timelines.Add(key, known = CalendarTimeline.Of(_example, kind, [], Rules, from, until));
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
        Rules.Any(rule =>
            rule is { Effect: RuleEffect.Window, MostStarts: null }
            && Spans.Contains(rule.When, at, rule.ZoneOf(_example))
        );

    /// <summary>Which rule closes it at an instant, by name; null where none stands against it.</summary>
    public string? ClosedBy(StartKind kind, Instant at) =>
        Decide(new(_example, kind, at)).Reasons is [var reason, ..] ? reason.Rule : null;

    /// <summary>The openings of windows that hold at an instant and let only so many start.</summary>
    public ImmutableArray<WindowOpening> Openings(Instant at)
    {
        if (!_openings.TryGetValue(at, out var known))
        {
            _openings.Add(
                at,
                known = [
                    .. Rules
                        .Where(rule => rule is { Effect: RuleEffect.Window, MostStarts: not null })
                        .Select(rule => WindowOpening.Of(rule, rule.ZoneOf(_example), at))
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
