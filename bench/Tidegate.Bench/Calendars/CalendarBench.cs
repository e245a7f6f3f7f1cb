using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using NodaTime;
using Tidegate.Bench.Plan;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Bench.Calendars;

/// <summary>Two hundred rules of every kind over shops in twelve time zones: may each start now, and when is each done over sixty days?</summary>
internal static class CalendarBench
{
    /// <summary>The figures of the table are of so many.</summary>
    public const int Tenants = 10_000;

    private const int Rules = 200;
    private const int Rounds = 5;

    private static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);

    private static readonly string[] Zones =
    [
        "Europe/Madrid",
        "Europe/Oslo",
        "Europe/London",
        "Europe/Dublin",
        "Europe/Istanbul",
        "America/New_York",
        "America/Mexico_City",
        "America/Sao_Paulo",
        "Asia/Dubai",
        "Asia/Tokyo",
        "Australia/Sydney",
        "Atlantic/Canary",
    ];

    private static readonly string[] Tags = ["spain", "flagship", "outlet", "airport", "online"];

    /// <param name="tenants">How many shops; the figures of the table are those of 10,000.</param>
    public static Task<Figures> RunAsync(int tenants, CancellationToken cancellationToken)
    {
        var set = CalendarSet.Of([
            new TradingCalendar(new CalendarName("bench"), [.. Enumerable.Range(0, Rules).Select(Rule)]),
        ]);
        var candidates = BenchFleet.Of(tenants).Select(Placed).ToImmutableArray();
        var targets = candidates.Select(Target).ToImmutableArray();

        var cold = Decide(set, targets, cancellationToken);
        var decided = Enumerable.Range(0, Rounds).Select(_ => Decide(set, targets, cancellationToken)).ToList();
        var (alone, timetable) = Timetable(set, candidates, targets);
        return Task.FromResult(
            new Figures
            {
                ["decide_10k_ms"] = Figures.Median(decided.Select(each => each.Elapsed.TotalMilliseconds)),
                ["decide_10k_cold_ms"] = cold.Elapsed.TotalMilliseconds,
                ["timetable_10k_s"] = alone.TotalSeconds,
                ["tenants"] = tenants,
                ["rules"] = set.Rules.Length,
                ["open"] = cold.Open,
                ["groups"] = cold.Groups,
                ["days"] = timetable.Last is { } last ? (last.Done - Now).TotalDays : 0,
                ["without_place"] = timetable.Unfit.Length,
            }
        );
    }

    /// <summary>Reads nothing from before: what an engine's turn or a plan does with calendars that it has just read.</summary>
    private static (TimeSpan Elapsed, int Open, int Groups) Decide(
        CalendarSet set,
        ImmutableArray<CalendarTarget> targets,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var at = Instant.FromDateTimeOffset(Now);
        var watch = Stopwatch.StartNew();
        var groups = new CalendarGroups(set.Rules);
        var seen = new HashSet<CalendarGroup>();
        var open = 0;
        foreach (var target in targets)
        {
            var group = groups.Of(target);
            seen.Add(group);
            open += group.Decide(new(target, StartKind.Manual, at)).IsOpen ? 1 : 0;
        }

        return (watch.Elapsed, open, seen.Count);
    }

    private static (TimeSpan Elapsed, Timetable Timetable) Timetable(
        CalendarSet set,
        ImmutableArray<TenantCandidate> candidates,
        ImmutableArray<CalendarTarget> targets
    )
    {
        var request = BenchFleet.Request with { Calendars = set, Now = Now };
        var plan = RolloutPlanner.Plan(BenchFleet.Request, candidates);
        var known = targets.ToDictionary(target => target.Tenant);
        var watch = Stopwatch.StartNew();
        var timetable = TimetablePlanner.Plan(request, plan.Waves, known);
        return (watch.Elapsed, timetable);
    }

    private static TenantCandidate Placed(TenantCandidate candidate, int number) =>
        candidate with
        {
            Tenant = candidate.Tenant with
            {
                TimeZone = Zones[number % Zones.Length],
                Tags = [.. Tags.Where((_, tag) => number % (tag + 2) == 0)],
            },
        };

    private static CalendarTarget Target(TenantCandidate candidate) =>
        new(
            candidate.Tenant.Name,
            candidate.Pool.Environment,
            candidate.Pool.Site,
            candidate.Pool.Name,
            candidate.Tenant.Tags.ToImmutableHashSet(StringComparer.Ordinal),
            CalendarText.Zone(candidate.Tenant.TimeZone),
            Class: "C",
            Risk: "normal"
        );

    /// <summary>A window of each night for everybody, and freezes and peaks of every way to say when, each for some.</summary>
    private static WrittenRule Rule(int number) =>
        new(string.Create(CultureInfo.InvariantCulture, $"rule-{number}"))
        {
            Effect =
                number < 4 ? RuleEffect.Window
                : number % 2 == 0 ? RuleEffect.Freeze
                : RuleEffect.Peak,
            Scope = number < 4 ? new() { Environments = ["production"] } : Scope(number),
            When = number < 4 ? Night(number) : When(number),
            MostStarts = number == 0 ? 400 : null,
            Line = number + 1,
        };

    private static WrittenTimes Night(int number) =>
        number switch
        {
            0 => new() { Days = "mon-thu", Hours = "22:00-06:00" },
            1 => new() { Days = "sat", Hours = "23:00-05:00" },
            2 => new() { Cron = "0 1 * * SUN", Until = "06:00" },
            _ => new()
            {
                Rrule = "FREQ=WEEKLY;BYDAY=FR",
                From = "2026-01-02T23:00",
                For = "PT5H",
            },
        };

    private static WrittenScope Scope(int number) =>
        (number % 5) switch
        {
            0 => new() { Tags = Tags[number % Tags.Length], Environments = ["production"] },
            1 => new() { Sites = [$"site-{number % 10}"], Risks = ["normal", "high"] },
            2 => new() { Tenants = [$"shop-*{number % 100:00}"] },
            3 => new() { Tags = $"{Tags[number % 5]} and not {Tags[(number + 1) % 5]}", Classes = ["C", "D"] },
            _ => new() { Pools = [$"pool-{number}"] },
        };

    private static WrittenTimes When(int number) =>
        (number % 6) switch
        {
            0 => new() { From = $"2026-12-{(number % 28) + 1:00}", To = $"2026-12-{(number % 28) + 1:00}" },
            1 => new() { Hours = $"{8 + (number % 3)}-{20 + (number % 3)}" },
            2 => CalendarPresets.All[number % CalendarPresets.All.Length].When,
            3 => new() { Cron = "0 22 * * FRI", EndCron = "0 6 * * SAT" },
            4 => new()
            {
                Rrule = "FREQ=MONTHLY;BYMONTHDAY=-1",
                From = "2026-01-31T18:00",
                For = "P1D",
            },
            _ => new() { Days = "mon, wed", Hours = "02:00-02:30" },
        };
}
