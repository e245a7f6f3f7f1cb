using System.Collections.Immutable;
using NodaTime;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>
/// Packs a plan's waves into what is open. Pure. It does as the engine will: on each site so many at once, the first in
/// the plan's order that may begin and fits; a wave begins when the one before it is done.
/// </summary>
public sealed class TimetablePlanner
{
    /// <summary>How far calendars are looked ahead.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromDays(60);

    private readonly RolloutPolicy _policy;
    private readonly IReadOnlyDictionary<TenantName, CalendarTarget> _targets;
    private readonly StartKind _kind;
    private readonly Instant _from;
    private readonly Instant _until;
    private readonly ImmutableHashSet<string> _overridden;
    private readonly CalendarGroups _groups;
    private readonly SortedSet<string> _past = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _used = new(StringComparer.Ordinal);
    private readonly ImmutableArray<UnfitTenant>.Builder _unfit = ImmutableArray.CreateBuilder<UnfitTenant>();

    private TimetablePlanner(PlanRequest request, IReadOnlyDictionary<TenantName, CalendarTarget> targets)
    {
        _policy = request.Policy;
        _targets = targets;
        _kind = request.StartKind;
        _from = Instant.FromDateTimeOffset(request.Now);
        _until = _from + Duration.FromTimeSpan(Ahead);
        _overridden = request.Overridden;
        _groups = new(request.Calendars.Rules, _overridden);
    }

    /// <param name="targets">Every tenant of the plan as calendars know it.</param>
    public static Timetable Plan(
        PlanRequest request,
        IEnumerable<Wave> waves,
        IReadOnlyDictionary<TenantName, CalendarTarget> targets
    )
    {
        var planner = new TimetablePlanner(request, targets);
        var timetable = ImmutableArray.CreateBuilder<TimetabledWave>();
        var begins = planner._from;
        foreach (var wave in waves)
        {
            var (tenants, ends) = planner.Pack(wave, begins);
            timetable.Add(new(wave.Number, tenants));
            begins = ends;
        }

        return new(
            request.Now,
            planner._until.ToDateTimeOffset(),
            timetable.DrainToImmutable(),
            planner._unfit.DrainToImmutable()
        )
        {
            Past = [.. planner._past],
        };
    }

    private (ImmutableArray<TimetabledTenant> Tenants, Instant Ends) Pack(Wave wave, Instant begins)
    {
        var tenants = new List<TimetabledTenant>(wave.Tenants.Length);
        var ends = begins;
        foreach (var site in wave.Tenants.GroupBy(tenant => _targets[tenant.Target.Tenant].Site))
        {
            // So many at once, by when each is free again.
            var lanes = new PriorityQueue<Instant, Instant>(
                Enumerable.Repeat((begins, begins), Math.Max(1, _policy.Concurrency))
            );
            var lines = Lines(site);
            while (NextIn(lines, lanes.Peek()) is { } line)
            {
                lanes.Dequeue();
                var tenant = line.Take();
                var open = line.Next + Around + Duration.FromTimeSpan(tenant.PredictedHold);
                var free = open + Duration.FromTimeSpan(_policy.Bake);
                tenants.Add(Placed(tenant, line.Next, open));
                Use(line.Group, line.Next);
                lanes.Enqueue(free, free);
                ends = Instant.Max(ends, free);
            }
        }

        return (
            [.. tenants.OrderBy(tenant => tenant.Start).ThenBy(tenant => tenant.Tenant.Value, StringComparer.Ordinal)],
            ends
        );
    }

    /// <summary>Those that are alike to calendars stand in one line, in the plan's order.</summary>
    private List<Line> Lines(IEnumerable<TenantPlan> tenants) =>
        [
            .. tenants
                .Select((tenant, order) => (tenant, order))
                .GroupBy(each => _groups.Of(_targets[each.tenant.Target.Tenant]))
                .Select(each => new Line(each.Key, new(each))),
        ];

    /// <summary>Whose first tenant begins next, when something is free; null when nobody is left. Who never can is told and leaves.</summary>
    private Line? NextIn(List<Line> lines, Instant free)
    {
        while (true)
        {
            foreach (var line in lines)
            {
                Look(line, free);
            }

            lines.RemoveAll(line => line.IsDone);
            if (lines.MinBy(line => (line.Next, line.Order)) is not { } first)
            {
                return null;
            }

            // The window that it counted on may have been filled by another line.
            if (!first.Group.IsCapped || HasRoom(first.Group, first.Next))
            {
                return first;
            }

            first.IsStale = true;
        }
    }

    /// <summary>Finds when a line's first tenant can begin, where what is known of it does not hold any more.</summary>
    private void Look(Line line, Instant free)
    {
        if (!line.IsStale && line.Next >= free)
        {
            return;
        }

        while (!line.IsDone)
        {
            var from = Instant.Max(free, line.Next);
            if (!line.IsStale && !line.Group.IsCapped && line.Fits(from))
            {
                line.Next = from;
                return;
            }

            if (Find(line, from) is { } span)
            {
                (line.Next, line.Span, line.IsStale) = (span.Start, span, false);
                return;
            }

            _unfit.Add(Unfit(line.Group, line.Take()));
        }
    }

    /// <summary>From when on, and until when, a line's first tenant can begin, with room in a window where only so many may.</summary>
    private Interval? Find(Line line, Instant from)
    {
        var timeline = line.Group.Timeline(_kind, _from, _until);
        for (var at = from; timeline.FirstFit(at, line.Need) is { } fits; )
        {
            if (!line.Group.IsCapped || HasRoom(line.Group, fits))
            {
                return new Interval(fits, timeline.NextClosing(fits) ?? _until);
            }

            at = line.Group.Openings(fits).Min(opening => opening.Span.End);
        }

        return null;
    }

    private bool HasRoom(CalendarGroup group, Instant at)
    {
        var openings = group.Openings(at);
        return openings.IsEmpty
            || openings.Any(opening => _used.GetValueOrDefault(opening.Key) < opening.Rule.MostStarts)
            || group.IsOpenBeside(at);
    }

    private void Use(CalendarGroup group, Instant at)
    {
        foreach (var opening in group.Openings(at))
        {
            _used[opening.Key] = _used.GetValueOrDefault(opening.Key) + 1;
        }
    }

    private TimetabledTenant Placed(TenantPlan tenant, Instant start, Instant open)
    {
        var group = _groups.Of(_targets[tenant.Target.Tenant]);
        var closes = group.Timeline(_kind, _from, _until).NextClosing(start);
        if (!_overridden.IsEmpty)
        {
            var question = new CalendarQuestion(_targets[tenant.Target.Tenant], _kind, start)
            {
                Overridden = _overridden,
            };
            _past.UnionWith(group.Decide(question).Past.Select(reason => reason.Rule));
        }

        return new(
            tenant.Target.Tenant,
            start.ToDateTimeOffset(),
            open.ToDateTimeOffset(),
            group.Zone.Id,
            closes?.ToDateTimeOffset(),
            closes is { } at ? group.ClosedBy(_kind, at) : null
        );
    }

    private UnfitTenant Unfit(CalendarGroup group, TenantPlan tenant)
    {
        var need = Duration.FromTimeSpan(tenant.Need);
        var open = group.Timeline(_kind, _from, _until).Open;
        var alone = group.FirstFit(_kind, _from, need);
        var what =
            group.Rules.Any(rule => rule.When is Recurrence.Unreadable) ? "a rule of its calendars cannot be read"
            : open.IsEmpty ? $"it is never open until {CalendarWords.Of(_until, group.Zone)}"
            : alone is null || alone >= _until
                ? $"it needs {CalendarWords.Of(tenant.Need)} with its way back, and the longest opening is {CalendarWords.Of(open.Max(span => span.Duration).ToTimeSpan())}"
            : $"there is no room left until {CalendarWords.Of(_until, group.Zone)}";
        return new(tenant.Target.Tenant, $"{tenant.Target.Tenant} does not fit: {what}.", alone?.ToDateTimeOffset());
    }

    private static Duration Around => Duration.FromTimeSpan(TenantPlan.Around);

    /// <summary>Tenants that are alike to calendars, in the plan's order, and when the first of them can begin.</summary>
    private sealed class Line(CalendarGroup group, Queue<(TenantPlan Tenant, int Order)> tenants)
    {
        public CalendarGroup Group => group;

        public Instant Next { get; set; } = Instant.MinValue;

        /// <summary>In which it is open.</summary>
        public Interval Span { get; set; }

        /// <summary>Whether it has to be looked for anew.</summary>
        public bool IsStale { get; set; } = true;

        public bool IsDone => tenants.Count == 0;

        public int Order => tenants.Peek().Order;

        public Duration Need => Duration.FromTimeSpan(tenants.Peek().Tenant.Need);

        public TenantPlan Take()
        {
            var taken = tenants.Dequeue().Tenant;
            IsStale |= !IsDone && Duration.FromTimeSpan(taken.Need) != Need;
            return taken;
        }

        public bool Fits(Instant at) => Span.Contains(at) && at + Need < Span.End;
    }
}
