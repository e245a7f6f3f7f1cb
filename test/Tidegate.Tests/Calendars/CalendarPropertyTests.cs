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
