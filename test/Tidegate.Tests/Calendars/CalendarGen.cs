using System.Collections.Immutable;
using CsCheck;
using NodaTime;
using Tidegate.ControlPlane.Calendars;

namespace Tidegate.Tests.Calendars;

/// <summary>Rules of every kind over a year with its two changes of the clocks, in zones that differ in them.</summary>
internal static class CalendarGen
{
    private static readonly string[] Zones =
    [
        "UTC",
        "Europe/Oslo",
        "Europe/Dublin",
        "America/New_York",
        "Australia/Lord_Howe",
    ];
    private static readonly string[] Crons = ["0 22 * * *", "*/30 1 * * 0", "30 2 * * *", "0 0 1 * *", "15 3 * 10 SAT"];
    private static readonly string[] Rules =
    [
        "FREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=SA,SU",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "FREQ=WEEKLY;INTERVAL=2",
    ];

    public static Gen<T> OneOf<T>(params T[] of) => Gen.Int[0, of.Length - 1].Select(index => of[index]);

    public static readonly Instant Begin = Instant.FromUtc(2026, 1, 1, 0, 0);

    public static readonly Gen<Instant> Moment = Gen.Int[0, 365 * 24 * 60]
        .Select(minutes => Begin + Duration.FromMinutes(minutes));

    public static readonly Gen<StartKind> Kind = OneOf(StartKind.Automatic, StartKind.Manual, StartKind.Healing);

    private static readonly Gen<DateTimeZone> Zone = OneOf(Zones).Select(CalendarText.Zone);

    private static readonly Gen<LocalTime> Time = Gen.Int[0, 95]
        .Select(quarter => LocalTime.FromMinutesSinceMidnight(15 * quarter));

    private static readonly Gen<SpanEnd> End = Gen.OneOf<SpanEnd>(
        Time.Select(time => (SpanEnd)new SpanEnd.At(time)),
        Gen.Select(
            Gen.Int[0, 2],
            Gen.Int[1, 30],
            (days, hours) => (SpanEnd)new SpanEnd.After(days, Duration.FromHours(hours))
        )
    );

    private static readonly Gen<LocalDateTime> Local = Gen.Int[0, 365 * 24]
        .Select(hours => new LocalDateTime(2026, 1, 1, 0, 0).PlusHours(hours));

    public static readonly Gen<Recurrence> When = Gen.OneOf<Recurrence>(
        Gen.Select(
            Local,
            Gen.Int[1, 200],
            (start, hours) => (Recurrence)new Recurrence.Once(start, start.PlusHours(hours))
        ),
        Gen.Select(
            Gen.Int[1, 7].Array[1, 4],
            Time,
            Time,
            (days, start, end) =>
                (Recurrence)new Recurrence.Weekly([.. days.Select(day => (IsoDayOfWeek)day)], start, end)
        ),
        Gen.Select(OneOf(Crons), End, (cron, end) => (Recurrence)new Recurrence.Cron(CronSchedule.Parse(cron), end)),
        Gen.Select(
            OneOf(Crons),
            OneOf(Crons),
            (start, end) => (Recurrence)new Recurrence.CronPair(CronSchedule.Parse(start), CronSchedule.Parse(end))
        ),
        Gen.Select(
            OneOf(Rules),
            Local,
            End,
            (rule, first, end) => (Recurrence)new Recurrence.Ruled(RecurrenceRule.Parse(rule, first, []), end)
        )
    );

    private static readonly Gen<CalendarScope> Scope = Gen.OneOf(
        Gen.Const(CalendarScope.Nothing with { Tenants = ["*"] }),
        Gen.Const(
            CalendarScope.Nothing with
            {
                Environments = ["production"],
                Tags = TagExpression.Parse("vip and not online"),
            }
        ),
        Gen.Const(CalendarScope.Nothing with { Tenants = ["shop-*"], Classes = ["C", "D"] }),
        Gen.Const(CalendarScope.Nothing with { Classes = ["D", "E"], Risks = ["high"] }),
        Gen.Const(
            CalendarScope.Nothing with
            {
                Tags = TagExpression.Parse("vip"),
                Classes = ["A"],
                Combine = ScopeCombination.Any,
            }
        ),
        Gen.Const(
            CalendarScope.Nothing with
            {
                Pools = ["other"],
                Tags = TagExpression.Parse("vip"),
                Combine = ScopeCombination.Any,
            }
        )
    );

    private static readonly Gen<RuleEffect> Effect = OneOf(RuleEffect.Window, RuleEffect.Freeze, RuleEffect.Peak);

    /// <summary>A freeze that always holds.</summary>
    public static CalendarRule Always(string name, CalendarScope scope) =>
        new(
            name,
            RuleEffect.Freeze,
            scope,
            new Recurrence.Weekly([.. Enum.GetValues<IsoDayOfWeek>().Skip(1)], LocalTime.Midnight, LocalTime.Midnight),
            DateTimeZone.Utc,
            [.. Enum.GetValues<StartKind>()],
            LetsFinish: true,
            "calendars/retail.yaml:3"
        );

    public static readonly Gen<CalendarRule> Rule = Gen.Select(
        Gen.Int[0, 5],
        Effect,
        Gen.Select(Scope, When, (scope, when) => (scope, when)),
        Gen.Select(Zone, Gen.Bool, (zone, isOwn) => isOwn ? null : zone),
        OneOf(StartKind.Automatic, StartKind.Manual, StartKind.Healing).Array[1, 3],
        Gen.Bool,
        (name, effect, of, zone, gates, letsFinish) =>
            new CalendarRule(
                $"retail/{name}",
                effect,
                of.scope,
                of.when,
                zone,
                [.. gates],
                letsFinish,
                "calendars/retail.yaml:1"
            )
    );

    public static readonly Gen<ImmutableArray<CalendarRule>> Rules5 = Rule.Array[0, 5]
        .Select(rules => rules.ToImmutableArray());

    public static readonly string?[] Classes = ["A", "D", "E", null];

    public static readonly Gen<CalendarTarget> Target = Gen.Select(
        OneOf("shop-oslo", "till-7"),
        OneOf("vip", "online", "small").Array[0, 2],
        Zone,
        Gen.Select(OneOf(Classes), OneOf("normal", "high", null), Gen.Bool),
        (tenant, tags, zone, release) =>
            new CalendarTarget(
                new(tenant),
                new("production"),
                new("local"),
                new("shared"),
                [.. tags],
                zone,
                release.Item1,
                release.Item2
            )
            {
                IsWithoutRelease = release is (null, null, true),
            }
    );

    public static readonly Gen<CalendarQuestion> Question = Gen.Select(
        Target,
        Kind,
        Moment,
        Gen.Int[0, 5].Array[0, 2],
        (target, kind, at, overridden) =>
            new CalendarQuestion(target, kind, at) { Overridden = [.. overridden.Select(name => $"retail/{name}")] }
    );
}
