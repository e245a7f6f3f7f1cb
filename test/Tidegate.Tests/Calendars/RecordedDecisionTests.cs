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
                        Overridden = [.. set.Rules.Take(started).Select(rule => rule.Name)],
                        Emergency = "e-1",
                        Started = set.Rules.ToImmutableDictionary(rule => rule.Name, _ => started),
                    };
                    var decision = new CalendarDecider(set.Rules).Decide(question);
                    var line = RecordedDecision.Of(set, question, decision).ToString();

                    // As the control database has it: the set by its content, the decision as a line of text.
                    var again = RecordedDecision.Read(line).Replay(CalendarSet.Of(set.Calendars));

                    return again.Reasons.SequenceEqual(decision.Reasons)
                        && again.Past.SequenceEqual(decision.Past)
                        && RecordedDecision.Read(line).Emergency == "e-1"
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
        Gen.Select(WrittenGen.Set, CalendarGen.Question.Array[1, 8], CalendarGen.Rules5)
            .Sample(
                (set, questions, more) =>
                {
                    var rules = set.Rules.AddRange(more);
                    var (decider, groups) = (new CalendarDecider(rules), new CalendarGroups(rules));
                    return Array.TrueForAll(
                        questions,
                        question =>
                        {
                            var (alone, together) = (
                                decider.Decide(question),
                                groups.Of(question.Target).Decide(question)
                            );
                            return together.Reasons.SequenceEqual(alone.Reasons)
                                && together.Past.SequenceEqual(alone.Past)
                                && together.Asked.SequenceEqual(alone.Asked);
                        }
                    );
                }
            );

    /// <summary>More rules than a word has bits, and each speaks to some: by names, by patterns, by tags, by class.</summary>
    [Fact]
    public void Of_hundreds_of_rules_those_speak_that_do_so_alone() =>
        CalendarGen
            .Target.Array[1, 5]
            .Sample(
                targets =>
                {
                    var rules = Enumerable
                        .Range(0, 3 * 64 + 1)
                        .Select(number => CalendarGen.Always($"retail/{number}", Scope(number)))
                        .ToImmutableArray();
                    var groups = new CalendarGroups(rules);
                    return Array.TrueForAll(
                        targets,
                        target => groups.Of(target).Rules.SequenceEqual(rules.Where(rule => rule.Scope.Covers(target)))
                    );
                },
                iter: 200
            );

    private static CalendarScope Scope(int number) =>
        (number % 6) switch
        {
            0 => CalendarScope.Nothing with { Tenants = [number % 4 == 0 ? "shop-oslo" : "till-7"] },
            1 => CalendarScope.Nothing with { Tenants = [$"*{number % 10}"], Environments = ["prod*"] },
            2 => CalendarScope.Nothing with { Tags = TagExpression.Parse(number % 4 == 0 ? "vip" : "not small") },
            3 => CalendarScope.Nothing with { Classes = [number % 2 == 0 ? "A" : "D"], Sites = ["local"] },
            4 => CalendarScope.Nothing with { Risks = ["high"], Pools = ["other"], Combine = ScopeCombination.Any },
            _ => CalendarScope.Nothing,
        };
}
