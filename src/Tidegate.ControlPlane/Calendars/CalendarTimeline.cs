using System.Collections.Immutable;
using NodaTime;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>When a target is open, over a time that is looked ahead. Says the same as <see cref="CalendarDecider"/> at each instant of it, how often windows were used apart.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="Until">Where it ends: nothing is known of later.</param>
/// <param name="Open">In order, none touching another.</param>
public sealed record CalendarTimeline(Instant From, Instant Until, ImmutableArray<Interval> Open)
{
    /// <param name="kind">Of the start.</param>
    /// <param name="overridden">Rules that are overridden, by name.</param>
    public static CalendarTimeline Of(
        CalendarTarget target,
        StartKind kind,
        ImmutableHashSet<string> overridden,
        IEnumerable<CalendarRule> rules,
        Instant from,
        Instant until
    )
    {
        var asked = rules.Where(rule => rule.Scope.Covers(target)).ToList();
        var isBound = asked.Exists(rule => rule.Effect is RuleEffect.Window && Stops(rule));
        return asked.Exists(rule => rule.When is Recurrence.Unreadable)
            ? new(from, until, [])
            : new(from, until, [.. Sweep([.. Edges().Order()], isBound, from, until)]);

        IEnumerable<Edge> Edges() =>
            asked
                .Where(rule => rule.Effect is RuleEffect.Window ? rule.Scope.Fit(target) is ScopeFit.Yes : Stops(rule))
                .SelectMany(rule =>
                    Spans
                        .Within(rule.When, from, until, rule.ZoneOf(target))
                        .SelectMany(span =>
                            new[]
                            {
                                new Edge(span.Start, 1, rule.Effect is RuleEffect.Window),
                                new Edge(span.End, -1, rule.Effect is RuleEffect.Window),
                            }
                        )
                );

        bool Stops(CalendarRule rule) => rule.Gates.Contains(kind) && !overridden.Contains(rule.Name);
    }

    /// <summary>The first instant, at the earliest a given one, at which it is open; null when there is none in the time looked ahead.</summary>
    public Instant? NextOpening(Instant at) =>
        Open.Where(span => span.End > at).Select(span => (Instant?)Instant.Max(span.Start, at)).FirstOrDefault();

    /// <summary>When it closes that is open at an instant or opens next; null when not in the time looked ahead.</summary>
    public Instant? NextClosing(Instant at) =>
        Open.Where(span => span.End > at).Select(span => span.End < Until ? span.End : (Instant?)null).FirstOrDefault();

    /// <summary>The first instant, at the earliest a given one, from which on work of that length ends before it closes; null when there is none in the time looked ahead.</summary>
    /// <param name="need">With the reserve for the way back.</param>
    public Instant? FirstFit(Instant at, Duration need) =>
        Open.Select(span => (Start: Instant.Max(span.Start, at), span.End))
            .Where(span => span.Start < span.End && (span.Start + need < span.End || span.End == Until))
            .Select(span => (Instant?)span.Start)
            .FirstOrDefault();

    /// <summary>From edge to edge, counting what holds.</summary>
    /// <param name="isBound">Whether there are windows that have to be open.</param>
    private static IEnumerable<Interval> Sweep(Edge[] edges, bool isBound, Instant from, Instant until)
    {
        var (freezes, windows, next) = (0, 0, 0);
        Instant? opened = null;
        for (var at = from; at < until; at = next < edges.Length ? edges[next].At : until)
        {
            for (; next < edges.Length && edges[next].At <= at; next++)
            {
                windows += edges[next].IsWindow ? edges[next].Step : 0;
                freezes += edges[next].IsWindow ? 0 : edges[next].Step;
            }

            var isOpen = freezes == 0 && (!isBound || windows > 0);
            if (!isOpen && opened is { } began)
            {
                yield return new Interval(began, at);
            }

            opened = isOpen ? opened ?? at : null;
        }

        if (opened is { } last)
        {
            yield return new Interval(last, until);
        }
    }

    /// <summary>Where a window or what closes begins or ends to hold.</summary>
    private readonly record struct Edge(Instant At, int Step, bool IsWindow) : IComparable<Edge>
    {
        public int CompareTo(Edge other) => At.CompareTo(other.At);
    }
}
