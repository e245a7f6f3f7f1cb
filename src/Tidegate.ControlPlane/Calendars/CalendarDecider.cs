using System.Collections.Immutable;
using NodaTime;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>
/// <para>May this start now? Pure, and the only place that says so: planner, engine, command line, API and pages ask it, and
/// a decision is made again from what was recorded of it. What holds at an instant is found once for all who ask.</para>
/// <para>Of a release whose class or risk nobody knows each rule speaks that speaks of some: it closes, and lets nobody in.</para>
/// <para>A rule stands in the way of what it gates, unless it is overridden by name, or lets work finish that was begun when it
/// might be. A freeze or peak that holds and stands in the way closes. Otherwise, where windows speak of the target, one of
/// them has to be open, unless none of them stands in the way. Work that a freeze lets finish is not asked for a window any
/// more. A rule that cannot be read closes.</para>
/// </summary>
public sealed class CalendarDecider
{
    private readonly ImmutableArray<CalendarRule> _rules;
    private readonly RuleHolds _holds;

    public CalendarDecider(ImmutableArray<CalendarRule> rules)
        : this(rules, new()) { }

    /// <param name="holds">What others have found of the same rules.</param>
    internal CalendarDecider(ImmutableArray<CalendarRule> rules, RuleHolds holds)
    {
        (_rules, _holds) = (rules, holds);
    }

    public CalendarDecision Decide(CalendarQuestion question)
    {
        var asked = Asked(question.Target, question.At);
        var wasOpen =
            question.IsUnderWay
            || (question.Since is { } since && Decide(question with { At = since, Since = null }).IsOpen);
        return new(
            [.. Against(asked, question, wasOpen).Select(CalendarReason.Of)],
            asked,
            question.At,
            DateTimeZoneProviders.Tzdb.VersionId
        )
        {
            Past = question.Overridden.IsEmpty ? [] : [.. Past(asked, question, wasOpen).Select(CalendarReason.Of)],
        };
    }

    /// <param name="wasOpen">Whether this is work that was begun when it might be.</param>
    private static IEnumerable<AskedRule> Against(
        ImmutableArray<AskedRule> asked,
        CalendarQuestion question,
        bool wasOpen
    )
    {
        var unreadable = asked.Where(one => one.Rule.When is Recurrence.Unreadable).ToList();
        var freezes = asked.Where(one => one is { Holds: true, Rule.Effect: not RuleEffect.Window }).ToList();
        var windows = asked.Where(one => one.Rule.Effect is RuleEffect.Window).ToList();
        return unreadable.Count > 0 ? unreadable
            : freezes.Exists(IsInTheWay) ? freezes.Where(IsInTheWay)
            : (wasOpen && freezes.Count > 0) || windows.Exists(window => LetsIn(window, question, wasOpen)) ? []
            // What opens by itself comes first: it says until when.
            : windows.Where(IsInTheWay).OrderByDescending(window => window.IsSure);

        bool IsInTheWay(AskedRule one) =>
            Stands(one, question, wasOpen) && !question.Overridden.Contains(one.Rule.Name);
    }

    /// <summary>What is overridden and would stand against it.</summary>
    private static IEnumerable<AskedRule> Past(ImmutableArray<AskedRule> asked, CalendarQuestion question, bool wasOpen)
    {
        var isLetIn = asked.Any(one => one.Rule.Effect is RuleEffect.Window && LetsIn(one, question, wasOpen));
        return asked.Where(one =>
            question.Overridden.Contains(one.Rule.Name)
            && one.Rule.When is not Recurrence.Unreadable
            && Stands(one, question, wasOpen)
            && (one.Rule.Effect is RuleEffect.Window ? !isLetIn : one.Holds)
        );
    }

    /// <summary>Whether a rule is asked of this kind of start, and does not let this work finish.</summary>
    private static bool Stands(AskedRule one, CalendarQuestion question, bool wasOpen) =>
        one.Rule.Gates.Contains(question.Kind) && !(wasOpen && one.Rule.LetsFinish);

    /// <summary>Whether a window is open and has room, and is surely one for this.</summary>
    private static bool LetsIn(AskedRule one, CalendarQuestion question, bool wasOpen) =>
        one is { Holds: true, IsSure: true }
        && (one.Rule.MostStarts is not { } most || question.Started.GetValueOrDefault(one.Rule.Name) < most || wasOpen);

    private ImmutableArray<AskedRule> Asked(CalendarTarget target, Instant at)
    {
        var asked = ImmutableArray.CreateBuilder<AskedRule>();
        foreach (var rule in _rules)
        {
            var fit = rule.Scope.Fit(target);
            if (fit is not ScopeFit.No)
            {
                asked.Add(new(rule, _holds.Of(rule, rule.ZoneOf(target), at)) { IsSure = fit is ScopeFit.Yes });
            }
        }

        return asked.DrainToImmutable();
    }
}

/// <summary>Which rules hold at an instant, found once for all who ask: a rule and a zone are few, tenants are many.</summary>
internal sealed class RuleHolds
{
    private readonly Dictionary<(DateTimeZone Zone, Instant At), Dictionary<object, bool>> _known = [];

    public bool Of(CalendarRule rule, DateTimeZone zone, Instant at)
    {
        if (!_known.TryGetValue((zone, at), out var rules))
        {
            // By the rule itself, and not by what it says: that would be read each time.
            _known.Add((zone, at), rules = new(ReferenceEqualityComparer.Instance));
        }

        if (!rules.TryGetValue(rule, out var holds))
        {
            rules.Add(rule, holds = Spans.Contains(rule.When, at, zone));
        }

        return holds;
    }
}
