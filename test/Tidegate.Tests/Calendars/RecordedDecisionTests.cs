using System.Collections.Immutable;
using CsCheck;
using NodaTime;
using Tidegate.ControlPlane.Calendars;

namespace Tidegate.Tests.Calendars;

public sealed class RecordedDecisionTests
{
    [Fact]
    public void A_decision_that_is_made_again_from_the_ledger_says_the_same() =>
        Gen.Select(WrittenGen.Set, CalendarGen.Question, Gen.Bool, Gen.Int[0, 4])
            .Sample(
                (set, asked, isUnderWay, started) =>
                {
                    var question = asked with
                    {
                        Since = null,
                        IsUnderWay = isUnderWay,
                        Started = set.Rules.ToImmutableDictionary(rule => rule.Name, _ => started),
                    };
                    var decision = new CalendarDecider(set.Rules).Decide(question);
                    var line = RecordedDecision.Of(set, question, decision).ToString();

                    // As the control database has it: the set by its content, the decision as a line of text.
                    var again = RecordedDecision.Read(line).Replay(CalendarSet.Of(set.Calendars));

                    return again.Reasons.SequenceEqual(decision.Reasons)
                        && again.At == decision.At
                        && again.Zones == decision.Zones;
                }
            );

    [Fact]
    public void It_is_not_made_again_of_other_calendars()
    {
        var set = CalendarSet.Of([
            new TradingCalendar(
                new CalendarName("a"),
                [
                    new("r")
                    {
                        Preset = "christmas",
                        Scope = new() { Tenants = ["*"] },
                    },
                ]
            ),
        ]);
        var question = new CalendarQuestion(
            Scopes.Target("t1", "production", "local"),
            StartKind.Manual,
            Instant.FromUtc(2026, 12, 24, 12, 0)
        );
        var recorded = RecordedDecision.Of(set, question, new CalendarDecider(set.Rules).Decide(question));

        Assert.Equal("frozen", Assert.Single(recorded.Reasons).Code);
        Assert.Throws<ArgumentException>(() => recorded.Replay(CalendarSet.None));
    }

    [Fact]
    public void What_tenants_are_asked_together_is_what_each_is_told_alone() =>
        Gen.Select(WrittenGen.Set, CalendarGen.Question)
            .Sample(
                (set, question) =>
                {
                    var alone = new CalendarDecider(set.Rules).Decide(question);
                    var group = new CalendarGroups(set.Rules).Of(question.Target);
                    return group.Decide(question).Reasons.SequenceEqual(alone.Reasons);
                }
            );
}
