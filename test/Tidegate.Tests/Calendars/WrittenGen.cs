using CsCheck;
using Tidegate.ControlPlane.Calendars;

namespace Tidegate.Tests.Calendars;

/// <summary>Calendars as people write them, of every way to say when.</summary>
internal static class WrittenGen
{
    private static readonly Gen<WrittenTimes> When = CalendarGen.OneOf<WrittenTimes>(
        new() { Days = "mon-fri", Hours = "22:00-06:00" },
        new() { Hours = "01:30-02:30" },
        new() { Days = "sat, sun" },
        new() { From = "2026-03-28", To = "2026-03-30" },
        new() { From = "2026-10-24T20:00", To = "2026-10-25T12:00" },
        new()
        {
            Rrule = "FREQ=WEEKLY;BYDAY=SU",
            From = "2026-01-04T02:30",
            For = "PT8H",
        },
        new()
        {
            Rrule = "FREQ=MONTHLY;BYMONTHDAY=-2",
            From = "2026-01-30",
            Until = "12:00",
        },
        new() { Cron = "30 1 * * *", For = "PT3H" },
        new() { Cron = "0 22 * * FRI", EndCron = "0 6 * * MON" }
    );

    private static readonly Gen<WrittenScope> Scope = CalendarGen.OneOf<WrittenScope>(
        new() { Tenants = ["*"] },
        new() { Tenants = ["t1"] },
        new() { Environments = ["production"], Classes = ["C", "D"] },
        new() { Tags = "vip and not online" },
        new()
        {
            Pools = ["other"],
            Sites = ["local"],
            Match = ScopeCombination.Any,
        }
    );

    private static readonly Gen<WrittenRule> Rule = Gen.Select(
        CalendarGen.OneOf(RuleEffect.Window, RuleEffect.Freeze, RuleEffect.Peak),
        Scope,
        When,
        CalendarGen.OneOf<string?>(null, "Europe/Oslo", "America/New_York"),
        CalendarGen.OneOf(StartKind.Automatic, StartKind.Manual, StartKind.Healing).Array[1, 3],
        Gen.Bool,
        Gen.Int[0, 3],
        (effect, scope, when, zone, gates, finish, most) =>
            new WrittenRule("")
            {
                Effect = effect,
                Scope = scope,
                When = when,
                TimeZone = zone,
                Gates = [.. gates.Distinct()],
                LetsFinish = finish,
                MostStarts = effect is RuleEffect.Window && most > 0 ? most : null,
            }
    );

    /// <summary>One to five rules, most of them without a zone of their own.</summary>
    public static readonly Gen<CalendarSet> Set = Rule.Array[1, 5]
        .Select(rules =>
            CalendarSet.Of([
                new TradingCalendar(
                    new CalendarName("retail"),
                    [.. rules.Select((rule, number) => rule with { Name = $"rule-{number}", Line = number + 2 })]
                ),
            ])
        );
}
