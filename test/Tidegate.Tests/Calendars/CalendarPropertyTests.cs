using System.Collections.Immutable;
using CsCheck;
using NodaTime;
using Tidegate.ControlPlane.Calendars;

namespace Tidegate.Tests.Calendars;

/// <summary>What holds for any calendar.</summary>
public sealed class CalendarPropertyTests
{
    private static readonly Duration Ahead = Duration.FromDays(20);

    [Fact]
    public void A_freeze_never_opens_anything() =>
        Gen.Select(CalendarGen.Question, CalendarGen.Rules5, CalendarGen.Rule)
            .Sample(
                (question, rules, added) =>
                {
                    var freeze = added with { Effect = RuleEffect.Freeze };
                    var before = new CalendarDecider(rules).Decide(question).IsOpen;
                    return before || !new CalendarDecider(rules.Add(freeze)).Decide(question).IsOpen;
                }
            );

    [Fact]
    public void The_order_of_rules_changes_nothing() =>
        Gen.Select(CalendarGen.Question, CalendarGen.Rules5)
            .Sample(
                (question, rules) =>
                    new CalendarDecider(rules).Decide(question).IsOpen
                    == new CalendarDecider([.. rules.Reverse()]).Decide(question).IsOpen
            );

    [Fact]
    public void What_is_closed_says_which_rule_closes_it_and_where_that_stands() =>
        Gen.Select(CalendarGen.Question, CalendarGen.Rules5)
            .Sample(
                (question, rules) =>
                    new CalendarDecider(rules)
                        .Decide(question)
                        .Reasons.All(reason =>
                            rules.Any(rule => rule.Name == reason.Rule && rule.Gates.Contains(question.Kind))
                            && !question.Overridden.Contains(reason.Rule)
                            && reason.Origin.Length > 0
                        )
            );

    [Fact]
    public void A_rule_for_a_class_or_risk_changes_nothing_for_a_release_of_another() =>
        Gen.Select(CalendarGen.Question, CalendarGen.Rules5, CalendarGen.Rule, Gen.Bool)
            .Sample(
                (question, rules, added, isOfRisk) =>
                {
                    var asked = question with { Target = question.Target with { Class = "B", Risk = "low" } };
                    var other = added with
                    {
                        Name = "retail/other",
                        Scope = isOfRisk
                            ? CalendarScope.Nothing with
                            {
                                Tenants = ["*"],
                                Risks = ["normal", "high"],
                            }
                            : CalendarScope.Nothing with
                            {
                                Tenants = ["*"],
                                Classes = ["A", "C", "D", "E"],
                            },
                    };
                    var (before, after) = (
                        new CalendarDecider(rules).Decide(asked),
                        new CalendarDecider(rules.Add(other)).Decide(asked)
                    );
                    return before.Reasons.SequenceEqual(after.Reasons) && before.Asked.Length == after.Asked.Length;
                }
            );

    [Fact]
    public void Who_knows_a_releases_class_and_risk_is_never_worse_off() =>
        Gen.Select(CalendarGen.Question, CalendarGen.Rules5, CalendarGen.OneOf("A", "B", "C", "D", "E"), Gen.Bool)
            .Sample(
                (question, rules, known, isHigh) =>
                {
                    var unknown = question.Target with { Class = null, Risk = null, IsWithoutRelease = false };
                    var proven = unknown with { Class = known, Risk = isHigh ? "high" : "normal" };
                    var decider = new CalendarDecider(rules);
                    return !decider.Decide(question with { Target = unknown }).IsOpen
                        || decider.Decide(question with { Target = proven }).IsOpen;
                }
            );

    [Theory]
    [InlineData(RuleEffect.Freeze, null, false, CalendarReason.Frozen)]
    [InlineData(RuleEffect.Freeze, "D", false, CalendarReason.Frozen)]
    [InlineData(RuleEffect.Freeze, "C", true, null)]
    [InlineData(RuleEffect.Window, null, false, CalendarReason.ClassUnknown)]
    [InlineData(RuleEffect.Window, "D", true, null)]
    [InlineData(RuleEffect.Window, "C", true, null)]
    public void A_release_whose_class_nobody_knows_is_held_by_each_freeze_and_let_in_by_no_window(
        RuleEffect effect,
        string? known,
        bool isOpen,
        string? code
    )
    {
        var rule = CalendarGen.Always("retail/heavy", CalendarScope.Nothing with { Classes = ["D", "E"] }) with
        {
            Effect = effect,
        };
        var target = Scopes.Target("shop", "production", "local") with { Class = known, Risk = "normal" };

        var decision = new CalendarDecider([rule]).Decide(new(target, StartKind.Manual, CalendarGen.Begin));

        Assert.Equal(isOpen, decision.IsOpen);
        Assert.Equal(code, decision.Reasons.FirstOrDefault()?.Code);
        Assert.All(
            decision.Reasons.Where(reason => reason.Code is CalendarReason.ClassUnknown),
            reason =>
                Assert.Equal(
                    "The window retail/heavy is for releases of classes D, E alone, and nobody knows whether this is one.",
                    reason.What
                )
        );
    }

    /// <summary>Nothing will ever tell the class of a healing: a window for some would keep it for good.</summary>
    [Fact]
    public void What_brings_no_release_is_held_by_freezes_for_classes_and_let_in_by_windows_for_them()
    {
        var scope = CalendarScope.Nothing with { Classes = ["D"], Risks = ["high"] };
        var rule = CalendarGen.Always("retail/heavy", scope);
        var target = Scopes.Target("shop", "production", "local") with { IsWithoutRelease = true };
        var question = new CalendarQuestion(target, StartKind.Healing, CalendarGen.Begin);

        Assert.True(new CalendarDecider([rule with { Effect = RuleEffect.Window }]).Decide(question).IsOpen);
        Assert.False(new CalendarDecider([rule]).Decide(question).IsOpen);
    }

    [Fact]
    public void A_freeze_that_no_emergency_names_holds_whatever_it_names() =>
        Gen.Select(CalendarGen.Question, CalendarGen.Rules5, CalendarGen.Rule)
            .Sample(
                (question, rules, added) =>
                {
                    var freeze = added with
                    {
                        Name = "retail/unnamed",
                        Effect = RuleEffect.Freeze,
                        Scope = CalendarScope.Nothing with { Tenants = ["*"] },
                        Gates = [question.Kind],
                    };
                    var asked = question with
                    {
                        Since = null,
                        IsUnderWay = false,
                        Overridden = [.. rules.Select(rule => rule.Name)],
                        Emergency = "e-1",
                    };
                    var decision = new CalendarDecider(rules.Add(freeze)).Decide(asked);
                    var holds = decision.Asked.Any(one => one is { Holds: true, Rule.Name: "retail/unnamed" });
                    return decision.IsOpen == !holds && decision.Past.All(past => past.Rule != "retail/unnamed");
                }
            );

    [Fact]
    public void What_was_gone_past_was_named_and_names_exactly_what_stood_in_the_way() =>
        Gen.Select(CalendarGen.Question, CalendarGen.Rules5)
            .Sample(
                (question, rules) =>
                {
                    var decider = new CalendarDecider(rules);
                    var plain = decider.Decide(question with { Overridden = [] });
                    var named = question with { Overridden = [.. plain.Reasons.Select(reason => reason.Rule)] };
                    var past = decider.Decide(named).Past;
                    return plain.Past.IsEmpty
                        && past.All(each => named.Overridden.Contains(each.Rule))
                        && plain.Reasons.All(reason => past.Any(each => each.Rule == reason.Rule));
                }
            );

    [Fact]
    public void Looking_ahead_says_the_same_as_deciding_at_each_instant() =>
        Gen.Select(CalendarGen.Question, CalendarGen.Rules5, Gen.Int[0, 20 * 24 * 60 - 1].Array[8])
            .Sample(
                (question, rules, minutes) =>
                {
                    var decider = new CalendarDecider(rules);
                    var timeline = Timeline(question, rules);
                    Instant[] moments =
                    [
                        .. minutes.Select(minute => question.At + Duration.FromMinutes(minute)),
                        .. timeline.Open.Select(span => span.Start),
                        .. timeline.Open.Select(span => span.End).Where(end => end < timeline.Until),
                    ];
                    return Array.TrueForAll(
                        moments,
                        at =>
                            decider.Decide(question with { At = at }).IsOpen
                            == timeline.Open.Any(span => span.Contains(at))
                    );
                }
            );

    [Fact]
    public void The_next_opening_is_not_before_it_is_asked_for_and_is_really_open() =>
        Gen.Select(CalendarGen.Question, CalendarGen.Rules5)
            .Sample(
                (question, rules) =>
                    Timeline(question, rules).NextOpening(question.At) is not { } next
                    || (next >= question.At && new CalendarDecider(rules).Decide(question with { At = next }).IsOpen)
            );

    [Fact]
    public void Work_that_fits_is_open_from_its_begin_to_its_end() =>
        Gen.Select(CalendarGen.Question, CalendarGen.Rules5, Gen.Int[1, 600])
            .Sample(
                (question, rules, minutes) =>
                {
                    var need = Duration.FromMinutes(minutes);
                    if (Timeline(question, rules).FirstFit(question.At, need) is not { } start)
                    {
                        return true;
                    }

                    var decider = new CalendarDecider(rules);
                    return Enumerable
                        .Range(0, minutes + 1)
                        .Select(minute => start + Duration.FromMinutes(minute))
                        .Where(at => at < question.At + Ahead)
                        .All(at => decider.Decide(question with { At = at }).IsOpen);
                },
                iter: 300
            );

    [Fact]
    public void A_schedule_never_comes_before_it_is_asked_for_and_comes_in_order() =>
        Gen.Select(CalendarGen.When, CalendarGen.Moment, CalendarGen.OneOf("Europe/Dublin", "America/New_York", "UTC"))
            .Sample(
                (when, from, zone) =>
                {
                    var spans = Spans.Within(when, from, from + Ahead, CalendarText.Zone(zone)).ToList();
                    return spans.TrueForAll(span =>
                            span.Start >= from && span.End <= from + Ahead && span.Duration > Duration.Zero
                        ) && spans.Zip(spans.Skip(1)).All(pair => pair.First.End < pair.Second.Start);
                }
            );

    /// <summary>What a rule keeps of when it comes is of no zone and of no one who asked before.</summary>
    [Fact]
    public void Who_asked_before_and_in_which_zone_changes_nothing() =>
        Gen.Select(
                CalendarGen.OneOf(
                    "FREQ=DAILY;COUNT=20",
                    "FREQ=WEEKLY;BYDAY=SA,SU",
                    "FREQ=HOURLY",
                    "FREQ=MONTHLY;BYMONTHDAY=-1"
                ),
                CalendarGen.Moment.Array[1, 6],
                CalendarGen.OneOf("Europe/Dublin", "America/New_York", "Australia/Lord_Howe")
            )
            .Sample(
                (text, moments, zone) =>
                {
                    var first = new LocalDateTime(2026, 1, 31, 18, 0);
                    var asked = RecurrenceRule.Parse(text, first, []);
                    return Array.TrueForAll(
                        moments,
                        from =>
                            asked
                                .From(from, CalendarText.Zone(zone))
                                .Take(40)
                                .SequenceEqual(
                                    RecurrenceRule
                                        .Parse(text, first, [])
                                        .From(from - Duration.FromDays(3), CalendarText.Zone(zone))
                                        .Where(at => at >= from)
                                        .Take(40)
                                )
                    );
                },
                iter: 200
            );

    [Fact]
    public void Where_one_looks_from_changes_nothing_of_what_holds_later() =>
        Gen.Select(CalendarGen.When, CalendarGen.Moment, Gen.Int[1, 40 * 24 * 60])
            .Sample(
                (when, from, minutes) =>
                {
                    var zone = CalendarText.Zone("Europe/Oslo");
                    var at = from + Duration.FromMinutes(minutes);
                    return Spans.Contains(when, at, zone)
                        == Spans.Within(when, from, from + Duration.FromDays(41), zone).Any(span => span.Contains(at));
                }
            );

    [Fact]
    public void A_rule_that_cannot_be_read_closes_whatever_else_there_is() =>
        Gen.Select(CalendarGen.Question, CalendarGen.Rules5)
            .Sample(
                (question, rules) =>
                {
                    var broken = new CalendarRule(
                        "retail/broken",
                        RuleEffect.Window,
                        CalendarScope.Nothing with
                        {
                            Tenants = ["*"],
                        },
                        new Recurrence.Unreadable("its cron has 3 fields"),
                        null,
                        [],
                        LetsFinish: true,
                        "calendars/retail.yaml:7"
                    );
                    var reason = Assert.Single(new CalendarDecider(rules.Add(broken)).Decide(question).Reasons);
                    Assert.Equal((CalendarReason.Unreadable, "calendars/retail.yaml:7"), (reason.Code, reason.Origin));
                }
            );

    private static CalendarTimeline Timeline(CalendarQuestion question, ImmutableArray<CalendarRule> rules) =>
        CalendarTimeline.Of(
            question.Target,
            question.Kind,
            question.Overridden,
            rules,
            question.At,
            question.At + Ahead
        );
}
