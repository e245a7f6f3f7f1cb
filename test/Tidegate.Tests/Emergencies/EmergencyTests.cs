using System.Collections.Immutable;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Emergencies;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.TestKit;

namespace Tidegate.Tests.Emergencies;

public sealed class EmergencyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 3, 0, 0, TimeSpan.Zero);

    private static readonly EmergencyPolicy Policy = new()
    {
        Overrides = [EmergencyPolicy.Approved, EmergencyPolicy.Protected, "freeze:retail/*"],
    };

    private static readonly ImmutableArray<CalendarRule> Rules = CalendarSet
        .Of([
            new TradingCalendar(
                new CalendarName("retail"),
                [Rule("black-friday", RuleEffect.Freeze), Rule("nights", RuleEffect.Window), Rule("audit")]
            ),
            new TradingCalendar(new CalendarName("office"), [Rule("audit")]),
        ])
        .Rules;

    private static readonly Emergency Begun = new(
        new("e-1"),
        new("production"),
        Plans.New,
        new("r-1"),
        "person/ann",
        "the tills do not print",
        ["approved"],
        Now,
        Now.AddHours(6),
        Now.AddHours(4),
        IsRunning: true
    );

    [Fact]
    public void It_names_what_it_goes_past_and_ends()
    {
        var begun = Start(
            new("r", "production", Reason: "tills", Emergency: true, Overrides: ["approved"]),
            out var no
        );

        Assert.Null(no);
        Assert.Equal((Now.AddHours(4), Now.AddHours(4)), (begun!.Expires, begun.SecondUntil));
        Assert.Null(Start(new("r", "production", Reason: "x", Emergency: true), out _)!.SecondUntil);
        Assert.Null(Start(new("r", "production"), out no));
        Assert.Null(no);
    }

    [Theory]
    [InlineData("fence", "nothing goes past fence")]
    [InlineData("oracle", "nothing goes past oracle")]
    [InlineData("digest", "nothing goes past digest")]
    [InlineData("checkpoint", "nothing goes past checkpoint")]
    [InlineData("drilled", "may not go past drilled, only past approved, protected, freeze:retail/*")]
    [InlineData("freeze:office/audit", "may not go past freeze:office/audit")]
    [InlineData("window:retail/nights", "may not go past window:retail/nights")]
    [InlineData("everything", "may not go past everything")]
    public void It_goes_past_nothing_that_its_policy_does_not_name(string gate, string what)
    {
        Assert.Null(Start(new("r", "production", Reason: "x", Emergency: true, Overrides: [gate]), out var no));
        Assert.Contains(what, no!.Value.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("approved", "approved")]
    [InlineData("freeze:retail/black-friday", "freeze:retail/black-friday")]
    [InlineData("freeze:black-friday", "freeze:retail/black-friday")]
    [InlineData("window:nights", "window:retail/nights")]
    public void A_rule_of_a_calendar_is_named_by_what_it_does_and_its_name(string written, string whole)
    {
        Assert.Equal([whole], RuleOverrides.Whole([written, written], Rules, out var no));
        Assert.Null(no);
    }

    [Theory]
    [InlineData("freeze:christmas", "no calendar in force has a rule for freeze:christmas")]
    [InlineData("freeze:retail/*", "no calendar in force has a rule for freeze:retail/*")]
    [InlineData("freeze:nights", "retail/nights is a window")]
    [InlineData("freeze:audit", "may be more than one rule")]
    public void What_names_no_rule_or_two_is_refused(string written, string what)
    {
        Assert.Empty(RuleOverrides.Whole([written], Rules, out var no));
        Assert.Contains(what, no!.Value.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_goes_past_a_freeze_needs_a_second_person()
    {
        var begun = Start(
            new("r", "production", Reason: "x", Emergency: true, Overrides: ["freeze:retail/audit"]),
            out _
        );

        Assert.Equal(Now.AddHours(4), begun!.SecondUntil);
    }

    [Fact]
    public void It_has_a_reason_and_an_end_within_bounds()
    {
        Assert.Null(Start(new("r", "production", Emergency: true), out var no));
        Assert.Equal("an emergency needs a reason.", no!.Value.What);
        foreach (var expires in new[] { Now, Now.AddHours(25) })
        {
            Assert.Null(Start(new("r", "production", Reason: "x", Emergency: true, Expires: expires), out no));
            Assert.Contains("ends after now", no!.Value.What, StringComparison.Ordinal);
        }

        Assert.Null(Start(new("r", "production", Overrides: ["approved"]), out no));
        Assert.Contains("only an emergency", no!.Value.What, StringComparison.Ordinal);
    }

    [Fact]
    public void It_halts_without_a_second_person_and_when_it_expires()
    {
        Assert.Null(EmergencyDecider.Halts(Begun, Now.AddHours(4).AddTicks(-1)));
        Assert.Contains("no second person", EmergencyDecider.Halts(Begun, Now.AddHours(4)), StringComparison.Ordinal);
        var seconded = Begun with { Seconded = new("person/bo", Now, null) };
        Assert.Null(EmergencyDecider.Halts(seconded, Now.AddHours(5)));
        Assert.Contains("expired", EmergencyDecider.Halts(seconded, Now.AddHours(6)), StringComparison.Ordinal);
        Assert.Null(EmergencyDecider.Halts(seconded with { IsRunning = false }, Now.AddHours(6)));
        Assert.Null(EmergencyDecider.Halts(Begun with { Halted = new("x", Now, null) }, Now.AddHours(9)));
    }

    [Fact]
    public void An_open_review_closes_the_gate()
    {
        Assert.Null(ReviewedGate.Ask([]));
        var answer = ReviewedGate.Ask([Begun])!;
        Assert.Equal((GateVerdict.Fail, "review-open"), (answer.Verdict, answer.Reasons[0].Code));
    }

    private static WrittenRule Rule(string name, RuleEffect effect = RuleEffect.Freeze) =>
        new(name)
        {
            Effect = effect,
            Scope = new() { Tenants = ["*"] },
            When = new() { Hours = "00:00-24:00" },
        };

    private static EmergencyToOpen? Start(StartRollout request, out (string What, string Next)? problem) =>
        EmergencyStart.Of(request, Policy, new("e-1"), Now, out problem);
}
