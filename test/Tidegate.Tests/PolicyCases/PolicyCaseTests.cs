using CsCheck;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.PolicyCases;
using Tidegate.TestKit;
using Tidegate.Tests.DesiredState;

namespace Tidegate.Tests.PolicyCases;

/// <summary>A case says what the gates, calendars and limits say that planner and engine ask.</summary>
public sealed class PolicyCaseTests
{
    private const string Night = "2026-11-18T23:00 Europe/Oslo";
    private const string Noon = "2026-11-18T12:00 Europe/Oslo";
    private const string Friday = "2026-11-27T23:00 Europe/Oslo";
    private const string Agreed = "approvals: [{by: ann}, {by: bo}]";

    [Theory]
    // Approvals: who wrote it does not count, nobody counts twice, what was said ends and cannot be said beforehand.
    [InlineData(Night, $"{Agreed}\n    expect: {{start: true, held: [], missing: []}}")]
    [InlineData(Night, "approvals: [{by: ann-admin}, {by: bo}]\n    expect: {start: true}")]
    [InlineData(
        Night,
        $"{Agreed}\n    release: {{authors: [bo]}}\n    expect: {{held: [approved], missing: [{{requirement: shops, count: 1, from: [cy]}}]}}"
    )]
    [InlineData(Night, $"{Agreed}\n    by: [bo]\n    expect: {{missing: [{{requirement: shops, count: 1}}]}}")]
    [InlineData(
        Night,
        "approvals: [{by: ann}, {by: cy}]\n    release: {risk: high}\n    expect: {missing: [{requirement: safety, count: 1, from: [bo]}]}"
    )]
    [InlineData(
        Night,
        $"{Agreed}\n    release: {{unproven: true}}\n    expect: {{held: [approved], missing: [{{requirement: authors unknown, count: 1, from: [cy]}}]}}"
    )]
    [InlineData(
        Night,
        "approvals: [{by: ann, at: 2026-11-18T14:00+01:00}, {by: bo}, {by: cy, at: 2026-11-18T23:01+01:00}]\n    expect: {missing: [{requirement: shops, count: 1, from: [ann, cy]}]}"
    )]
    [InlineData(Night, $"{Agreed}\n    expect: {{start: false}}", false)]
    [InlineData(Night, "approvals: [{by: ann}, {by: bo}, {by: cy, rejects: true}]\n    expect: {held: [approved]}")]
    [InlineData(
        Night,
        "approvals: [{by: ann}, {by: bo, service: true}]\n    expect: {held: [approved], missing: [{requirement: shops, count: 1, from: [bo, cy]}]}"
    )]
    [InlineData(
        Night,
        "approvals: [{by: ann}, {by: dee}]\n    delegations: [{from: bo, to: dee}]\n    expect: {start: true}"
    )]
    [InlineData(
        Night,
        "approvals: [{by: ann}, {by: dee}]\n    delegations: [{from: bo, to: dee, ends: 2026-11-18T22:59 Europe/Oslo}]\n    expect: {start: false}"
    )]
    [InlineData(
        Night,
        "approvals: [{by: ann}, {by: dee}]\n    delegations: [{from: bo, to: dee, begins: 2026-11-18T23:01 Europe/Oslo}]\n    expect: {start: false}"
    )]
    [InlineData(
        Night,
        "approvals: [{by: ann}]\n    delegations: [{from: bo, to: ann-admin}]\n    expect: {held: [approved]}"
    )]
    // Gates: what the policy asks counts, what it does not ask does not.
    [InlineData(Night, $"{Agreed}\n    given: {{gates: {{validation: fail}}}}\n    expect: {{held: [validation]}}")]
    [InlineData(Night, $"{Agreed}\n    given: {{gates: {{drilled: inconclusive}}}}\n    expect: {{held: [drilled]}}")]
    [InlineData(
        Night,
        $"{Agreed}\n    given: {{gates: {{capability: fail, parity: error}}}}\n    expect: {{start: true}}"
    )]
    [InlineData(Night, $"{Agreed}\n    given: {{soaked: 23h}}\n    expect: {{held: [soak], soak: 24h}}")]
    [InlineData(Night, $"{Agreed}\n    given: {{unverified: true}}\n    expect: {{held: [soak, upstream]}}")]
    [InlineData(Night, $"{Agreed}\n    given: {{running: true}}\n    expect: {{held: [busy]}}")]
    [InlineData(Night, $"{Agreed}\n    given: {{reviewOpen: true}}\n    expect: {{held: [reviewed]}}")]
    [InlineData(
        Night,
        $"{Agreed}\n    release: {{security: a hole}}\n    given: {{soaked: 1h}}\n    expect: {{start: true, soak: 1h, bake: 5m}}"
    )]
    // Calendars, each shop by its own clock.
    [InlineData(
        Noon,
        $"{Agreed}\n    expect: {{held: [\"window:retail/nights\"], opens: 2026-11-18T22:00 Europe/Oslo}}"
    )]
    [InlineData(
        "2026-11-18T05:30 Europe/Oslo",
        $"{Agreed}\n    given: {{need: 1h}}\n    expect: {{held: [\"window:retail/nights\"], opens: 2026-11-18T22:00+01:00}}"
    )]
    [InlineData("2026-11-18T05:30 Europe/Oslo", $"{Agreed}\n    given: {{need: 10m}}\n    expect: {{start: true}}")]
    [InlineData(Friday, $"{Agreed}\n    expect: {{held: [\"freeze:retail/black-friday\"]}}")]
    // Limits.
    [InlineData(
        Night,
        $"{Agreed}\n    tenants: [shop-oslo]\n    given: {{atRisk: [shop-rome]}}\n    expect: {{held: [limits.atRisk.tenants]}}"
    )]
    [InlineData(Night, "expect: {limits: {concurrency: 1, failureBudget: 0, tenants: 50}}")]
    [InlineData(Night, "expect: {limits: {stores: 50}}", false)]
    // Emergencies go past what they name, as far as the policy lets them.
    [InlineData(
        Friday,
        "emergency: {overrides: [approved, \"freeze:retail/black-friday\"]}\n    given: {unverified: true, reviewOpen: true}\n    expect: {start: true, second: true}"
    )]
    [InlineData(
        Friday,
        "emergency: {overrides: [approved]}\n    expect: {held: [\"freeze:retail/black-friday\"], second: true}"
    )]
    [InlineData(Night, "emergency: {}\n    expect: {held: [approved], second: false}")]
    [InlineData(Friday, "emergency: {overrides: [drilled]}\n    expect: {held: [emergency]}")]
    [InlineData(Night, "emergency: {overrides: [approved], lasts: 25h}\n    expect: {held: [emergency]}")]
    [InlineData(
        Night,
        "emergency: {overrides: [approved]}\n    given: {gates: {protected: fail}}\n    expect: {held: [protected]}"
    )]
    // Nobody is meant.
    [InlineData(Night, "tags: flagship and not flagship\n    expect: {start: true}", false)]
    public void A_case_holds_where_the_rules_say_so(string at, string more, bool holds = true)
    {
        var outcome = CaseFleet.One(more, at);

        Assert.True(
            outcome.Holds == holds,
            string.Join('\n', [.. outcome.Differences.Cast<object>(), .. outcome.Rules])
        );
    }

    [Fact]
    public void A_case_that_does_not_hold_names_the_tenant_and_where_each_rule_stands()
    {
        var outcome = CaseFleet.One("expect: {held: [limits.concurrency]}", Noon);

        Assert.Equal("policy-tests/production.yaml:2", outcome.Place);
        Assert.Equal(("shop-oslo", 1), (outcome.Tenant?.Value, outcome.Others));
        Assert.Equal([new("held", "limits.concurrency", "approved, window:retail/nights")], outcome.Differences);
        Assert.Equal(
            [
                ("approved", "policies/careful.yaml:11"),
                ("window:retail/nights", "calendars/retail.yaml:4"),
                ("limits.concurrency", "policies/careful.yaml:3"),
            ],
            outcome.Rules.Select(rule => (rule.Name, rule.Rule))
        );
    }

    [Fact]
    public void The_cases_of_the_fleet_to_begin_with_hold() =>
        Assert.All(CaseFleet.Run(MemoryFiles.Example().Fleet()), outcome => Assert.Empty(outcome.Differences));

    [Fact]
    public void The_cases_of_the_document_hold()
    {
        var text = PublishedFile.Read("docs/policy-tests.md");
        var cases = text[(text.IndexOf("```yaml", StringComparison.Ordinal) + "```yaml\n".Length)..];

        var outcomes = CaseFleet.Run(cases[..cases.IndexOf("```", StringComparison.Ordinal)]);

        Assert.Equal(4, outcomes.Length);
        Assert.All(outcomes, outcome => Assert.Empty(outcome.Differences));
    }

    [Fact]
    public void A_start_may_or_may_not_be_and_another_approver_takes_none_away() =>
        Gen.Select(
                Gen.Int[0, 24 * 14],
                Anybody(5).Array[0, 3],
                Anybody(4).Array[0, 4],
                Gen.Enum<ReleaseRisk>(),
                Anybody(4)
            )
            .Sample(
                (hours, authors, approvers, risk, another) =>
                {
                    var one = new PolicyCase("it", new("production"), "")
                    {
                        At = Hour(hours),
                        Release = new() { Authors = [.. authors], Risk = risk },
                        Approvals = [.. approvers.Select(by => new CaseApproval(by, null, Rejects: false))],
                        Tenants = [new("shop-oslo")],
                    };
                    var more = one with { Approvals = one.Approvals.Add(new(another, null, Rejects: false)) };

                    Assert.NotEqual(Holds(one, starts: true), Holds(one, starts: false));
                    Assert.True(!Holds(one, starts: true) || Holds(more, starts: true));
                },
                iter: 300
            );

    [Fact]
    public void Where_nothing_else_stands_in_the_way_a_case_says_what_the_calendars_decide()
    {
        var fleet = MemoryFiles.Example().Fleet();
        Gen.Int[0, 24 * 60]
            .Sample(
                hours =>
                {
                    var decision = new CalendarDecider(CalendarReading.Rules(fleet.Calendars)).Decide(
                        new(
                            CalendarCover.Target(fleet, fleet.Tenants[new TenantName("shop-oslo")]) with
                            {
                                Risk = "normal",
                            },
                            StartKind.Automatic,
                            CaseTime.Read(Hour(hours))
                        )
                    );
                    var one = new PolicyCase("it", new("production"), Hour(hours))
                    {
                        Expect = new()
                        {
                            Start = decision.IsOpen,
                            Held =
                            [
                                .. decision.Reasons.Select(reason =>
                                    reason.Rule is "retail/nights" ? "window:retail/nights" : $"freeze:{reason.Rule}"
                                ),
                            ],
                        },
                    };

                    Assert.Empty(Try(fleet, one).Differences);
                },
                iter: 300
            );
    }

    private static readonly DesiredFleet Fleet = CaseFleet
        .Files("cases: [{name: it, environment: production, at: 2026-11-18T23:00Z, expect: {start: true}}]\n")
        .Fleet();

    private static bool Holds(PolicyCase one, bool starts) =>
        Try(Fleet, one with { Expect = new() { Start = starts } }).Holds;

    private static CaseOutcome Try(DesiredFleet fleet, PolicyCase one) =>
        Assert.Single(CaseTrial.Run(fleet, [new PolicyTest(new("it"), [one])]));

    private static Gen<string> Anybody(int most) =>
        Gen.Int[0, most - 1].Select(number => new[] { "ann", "bo", "cy", "dee", "stranger" }[number]);

    private static string Hour(int hours) =>
        FormattableString.Invariant($"{new DateTime(2026, 11, 15, 0, 0, 0).AddHours(hours):yyyy-MM-ddTHH:mm}+01:00");
}
