using System.Collections.Immutable;
using CsCheck;
using NodaTime;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Simulator;
using Tidegate.Simulator.Steps;
using Tidegate.Simulator.World;
using Tidegate.TestKit;
using Tidegate.Tests.Calendars;

namespace Tidegate.Tests.Simulation;

/// <summary>The real engine under calendars, on a fleet in memory. It begins on Monday, 23 November 2026, at 6:00 UTC.</summary>
public sealed class CalendarTests
{
    private static readonly RolloutPolicy OneByOne = new()
    {
        Concurrency = 1,
        WaveSizes = [0],
        FailureBudget = 9,
    };

    private static readonly TenantName First = new("t1");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_begins_before_the_window_opens_and_it_is_told_why()
    {
        var simulation = await StartAsync(Plans.Of(2, OneByOne), Rule(RuleEffect.Window, "22:00-23:00"));
        var engine = simulation.NewEngine(CrashPlan.Never());
        await engine.TurnAsync(Token);

        var told = Assert.Single(simulation.Store.Told[new RolloutId("r-1")]);
        Assert.Equal("outside-window", told.Code);
        Assert.Equal("t1 and 1 more of wave 1 wait: The window retail/rule is closed.", told.What);
        Assert.Equal(("retail/rule", "calendars/retail.yaml:2"), (told.Origin, told.Rule));
        Assert.Equal(At("2026-11-23T22:00Z"), told.Until);
        Assert.Equal("nobody, it passes", told.Clears);

        await simulation.RunAsync(CrashPlan.Never(), null, Token);

        Assert.Equal(RolloutOutcome.Completed, simulation.Outcome);
        Assert.Empty(simulation.Store.Told);
        Assert.True(simulation.Clock.GetUtcNow() >= At("2026-11-23T22:00Z"));
        Assert.All(
            simulation.Store.Decisions.Where(decision => decision.Reasons.IsEmpty),
            decision => Assert.StartsWith("2026-11-23T22:", decision.At, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Each_tenant_begins_by_its_own_clock()
    {
        var simulation = await StartAsync(Plans.Of(2, OneByOne), Rule(RuleEffect.Window, "22:00-23:00"));
        simulation.Store.Zones[First] = DateTimeZoneProviders.Tzdb["America/New_York"];

        await simulation.RunAsync(CrashPlan.Never(), null, Token);

        var begun = simulation.Store.Decisions.Where(decision => decision.Reasons.IsEmpty).ToList();
        Assert.Equal(["t2", "t1"], begun.Select(decision => decision.Target.Tenant.Value));
        Assert.StartsWith("2026-11-24T03:00", begun[1].At, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_freeze_that_begins_meanwhile_lets_who_is_under_way_finish_and_the_next_not_start()
    {
        // The first second is enough to begin one; the second tenant waits for a lane, and finds the freeze.
        var simulation = await StartAsync(
            Plans.Of(2, OneByOne with { Bake = TimeSpan.FromMinutes(30) }),
            new WrittenRule("rule")
            {
                Effect = RuleEffect.Freeze,
                Scope = new() { Tenants = ["*"] },
                When = new() { From = "2026-11-23T06:10", To = "2026-11-24T08:00" },
                Line = 2,
            }
        );

        await simulation.RunAsync(CrashPlan.Never(), null, Token);

        Assert.Equal(RolloutOutcome.Completed, simulation.Outcome);
        var begun = simulation.Store.Decisions.Where(decision => decision.Reasons.IsEmpty).ToList();
        Assert.StartsWith("2026-11-23T06:00", begun[0].At, StringComparison.Ordinal);
        Assert.StartsWith("2026-11-24T08:00", begun[1].At, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_lets_nobody_finish_turns_back_who_has_not_begun_to_open()
    {
        var scenario = new FaultPlan(
            new Dictionary<(TenantName, string), Fault>
            {
                [(First, "hold")] = new Fault.Slow(1000, TimeSpan.FromSeconds(2)),
            }
        );
        var simulation = await StartAsync(
            Plans.Of(1, OneByOne),
            new WrittenRule("rule")
            {
                Effect = RuleEffect.Freeze,
                Scope = new() { Tenants = ["*"] },
                When = new() { From = "2026-11-23T06:05", To = "2026-11-24T08:00" },
                LetsFinish = false,
                Line = 2,
            },
            scenario
        );

        await simulation.RunAsync(CrashPlan.Never(), null, Token);

        var upgrade = Assert.Single(simulation.Store.Upgrades);
        Assert.Equal(UpgradeEnding.PutOff, upgrade.Ending);
        Assert.Equal("The freeze retail/rule holds and lets nobody finish (calendars/retail.yaml:2)", upgrade.Reason);
        Assert.Empty(Invariants.AtRest(simulation.Site, simulation.Completed));
    }

    [Fact]
    public async Task Who_does_not_fit_before_it_closes_waits_for_the_next_opening()
    {
        // A tenant needs more than a minute with its way back.
        var simulation = await StartAsync(Plans.Of(1, OneByOne), Rule(RuleEffect.Window, "05:00-06:01"));
        var engine = simulation.NewEngine(CrashPlan.Never());
        await engine.TurnAsync(Token);

        var told = Assert.Single(simulation.Store.Told[new RolloutId("r-1")]);
        Assert.Equal("does-not-fit", told.Code);
        Assert.Equal(At("2026-11-24T05:00Z"), told.Until);

        await simulation.RunAsync(CrashPlan.Never(), null, Token);

        Assert.Equal(RolloutOutcome.Completed, simulation.Outcome);
        Assert.True(simulation.Clock.GetUtcNow() >= At("2026-11-24T05:00Z"));
    }

    [Fact]
    public async Task A_window_lets_no_more_start_in_an_opening_than_it_says()
    {
        var simulation = await StartAsync(
            Plans.Of(5, OneByOne with { Concurrency = 4 }),
            Rule(RuleEffect.Window, "22:00-23:00") with
            {
                MostStarts = 2,
            }
        );

        await simulation.RunAsync(CrashPlan.Never(), null, Token);

        Assert.Equal(RolloutOutcome.Completed, simulation.Outcome);
        Assert.Equal(
            [("2026-11-23", 2), ("2026-11-24", 2), ("2026-11-25", 1)],
            simulation
                .Store.Decisions.Where(decision => decision.Reasons.IsEmpty)
                .GroupBy(decision => decision.At[..10])
                .Select(day => (day.Key, day.Count()))
        );
    }

    [Fact]
    public async Task No_calendar_is_asked_about_a_way_back()
    {
        var plan = Plans.Of(1, OneByOne);
        var simulation = await Simulator.Simulation.StartAsync(
            Plans.Rollout(plan) with
            {
                Kind = RolloutKind.Restore,
            },
            new FaultPlan(new Dictionary<(TenantName, string), Fault>()),
            hasTraffic: false,
            Token
        );
        simulation.Calendars = Set(Rule(RuleEffect.Freeze, "00:00-24:00"));

        await simulation.RunAsync(CrashPlan.Never(), null, Token);

        Assert.Equal(RolloutOutcome.Completed, simulation.Outcome);
        Assert.Empty(simulation.Store.Decisions);
    }

    /// <summary>Whatever a calendar says: a release that fails after a freeze has begun goes all the way back, at once, and the control plane may be killed anywhere.</summary>
    [Fact]
    public Task With_any_calendar_a_way_back_always_runs() =>
        Gen.Select(WrittenGen.Set, Gen.Int[1, 400], CalendarGen.OneOf("migrate", "judge", "warm", "verify"))
            .SampleAsync(
                async (set, crash, step) =>
                {
                    var faults = new FaultPlan(
                        new Dictionary<(TenantName, string), Fault>
                        {
                            [(First, step)] = new Fault.Bad($"{step} failed"),
                        }
                    );
                    var simulation = await StartAsync(Plans.Of(1, OneByOne), CalendarSet.None, faults);
                    // Under way without a calendar; then every calendar there is.
                    var begun = simulation.NewEngine(CrashPlan.Never());
                    while (simulation.Store.Upgrades.Single().State is UpgradeState.Pending)
                    {
                        Assert.True(await begun.TurnAsync(Token));
                    }

                    simulation.Calendars = set;
                    var before = simulation.Clock.GetUtcNow();
                    await simulation.RunAsync(new CrashPlan(point => point == crash), null, Token);

                    // Put off where a rule that lets nobody finish was faster than the fault.
                    var ending = simulation.Store.Upgrades.Single().Ending;
                    Assert.True(ending is UpgradeEnding.RolledBack or UpgradeEnding.PutOff, $"{ending}");
                    Assert.Empty(Invariants.AtRest(simulation.Site, simulation.Completed));
                    // No wait for an opening: what a killed process held runs out in seconds.
                    Assert.True(simulation.Clock.GetUtcNow() - before < TimeSpan.FromMinutes(10));
                },
                iter: 150
            );

    /// <summary>All crash points of a rollout that waits for a window, is frozen half-way, and goes on.</summary>
    [Fact]
    public async Task A_control_plane_killed_anywhere_keeps_to_the_calendar()
    {
        var undisturbed = CrashPlan.Never();
        var expected = await EndAsync(undisturbed);
        Assert.True(undisturbed.Points > 50);

        for (var at = 1; at <= undisturbed.Points; at += 2)
        {
            Assert.Equal(expected, await EndAsync(new CrashPlan(point => point == at)));
        }

        async Task<IEnumerable<string>> EndAsync(CrashPlan points)
        {
            var simulation = await StartAsync(
                Plans.Of(3, OneByOne),
                Rule(RuleEffect.Window, "22:00-23:00") with
                {
                    MostStarts = 2,
                }
            );
            await simulation.RunAsync(points, null, Token);
            Assert.All(
                simulation.Store.Decisions.Where(decision => decision.Reasons.IsEmpty),
                decision => Assert.Equal("22", decision.At.Substring(11, 2))
            );
            return Scenario.Result(simulation);
        }
    }

    /// <summary>What the engine kept of its decisions is what it would decide again.</summary>
    [Fact]
    public Task Every_decision_of_the_engine_can_be_made_again() =>
        WrittenGen.Set.SampleAsync(
            async set =>
            {
                var simulation = await StartAsync(Plans.Of(2, OneByOne), set);
                var engine = simulation.NewEngine(CrashPlan.Never());
                for (var turn = 0; turn < 120 && simulation.Outcome is null; turn++)
                {
                    if (!await engine.TurnAsync(Token) && !simulation.PassTime())
                    {
                        break;
                    }
                }

                Assert.NotEmpty(simulation.Store.Decisions);
                foreach (var decision in simulation.Store.Decisions)
                {
                    var again = RecordedDecision.Read(decision.ToString()).Replay(set);
                    Assert.True(again.Reasons.SequenceEqual(decision.Reasons), $"{decision}");
                }
            },
            iter: 100
        );

    [Fact]
    public async Task An_emergency_goes_past_the_freeze_that_it_names_and_the_decision_says_so()
    {
        var simulation = await EmergencyAsync(["freeze:retail/rule"], Rule(RuleEffect.Freeze, "00:00-24:00"));

        await simulation.RunAsync(CrashPlan.Never(), null, Token);

        Assert.Equal(RolloutOutcome.Completed, simulation.Outcome);
        var begun = simulation.Store.Decisions[0];
        Assert.Empty(begun.Reasons);
        Assert.Equal(("e-1", "retail/rule"), (begun.Emergency, Assert.Single(begun.Past).Rule));
        Assert.StartsWith("2026-11-23T06:00", begun.At, StringComparison.Ordinal);
        Assert.Equal(begun.Past, begun.Replay(simulation.Calendars).Past);
    }

    [Fact]
    public async Task A_freeze_that_the_emergency_does_not_name_holds_and_it_is_told_which()
    {
        var other = Rule(RuleEffect.Freeze, "05:00-09:00") with { Name = "other", Line = 9 };
        var simulation = await EmergencyAsync(["freeze:retail/rule"], Rule(RuleEffect.Freeze, "00:00-24:00"), other);
        await simulation.NewEngine(CrashPlan.Never()).TurnAsync(Token);

        var told = Assert.Single(simulation.Store.Told[new RolloutId("r-1")]);
        Assert.Equal("t1 and 1 more of wave 1 wait: The freeze retail/other holds.", told.What);
        Assert.Equal(At("2026-11-23T09:00Z"), told.Until);
        Assert.Contains("does not name freeze:retail/other", told.Next, StringComparison.Ordinal);

        await simulation.RunAsync(CrashPlan.Never(), null, Token);

        // By then the emergency has ended: what it named holds again.
        Assert.NotEqual(RolloutOutcome.Completed, simulation.Outcome);
        Assert.DoesNotContain(simulation.Store.Decisions, decision => decision.Reasons.IsEmpty);
    }

    [Fact]
    public async Task An_emergency_goes_past_a_window_that_is_closed()
    {
        var simulation = await EmergencyAsync(["window:retail/rule"], Rule(RuleEffect.Window, "22:00-23:00"));

        await simulation.RunAsync(CrashPlan.Never(), null, Token);

        Assert.Equal(RolloutOutcome.Completed, simulation.Outcome);
        Assert.All(
            simulation.Store.Decisions,
            decision => Assert.Equal(CalendarReason.OutsideWindow, Assert.Single(decision.Past).Code)
        );
    }

    [Fact]
    public async Task A_freeze_that_lets_nobody_finish_turns_back_nobody_whose_emergency_names_it()
    {
        var simulation = await EmergencyAsync(
            ["freeze:retail/rule"],
            Rule(RuleEffect.Freeze, "00:00-24:00") with
            {
                LetsFinish = false,
            }
        );

        await simulation.RunAsync(CrashPlan.Never(), null, Token);

        Assert.Equal(RolloutOutcome.Completed, simulation.Outcome);
    }

    private static async Task<Simulator.Simulation> EmergencyAsync(
        ImmutableArray<string> overrides,
        params WrittenRule[] rules
    )
    {
        var simulation = await Simulator.Simulation.StartAsync(
            Plans.Rollout(Plans.Of(2, OneByOne)) with
            {
                Emergency = new(new("e-1"), "the tills do not print", overrides, Plans.Start.AddHours(2), null),
            },
            new FaultPlan(new Dictionary<(TenantName, string), Fault>()),
            hasTraffic: false,
            Token
        );
        simulation.Calendars = CalendarSet.Of([new TradingCalendar(new CalendarName("retail"), [.. rules])]);
        return simulation;
    }

    private static WrittenRule Rule(RuleEffect effect, string hours) =>
        new("rule")
        {
            Effect = effect,
            Scope = new() { Tenants = ["*"] },
            When = new() { Hours = hours },
            Line = 2,
        };

    private static CalendarSet Set(WrittenRule rule) =>
        CalendarSet.Of([new TradingCalendar(new CalendarName("retail"), [rule])]);

    private static Task<Simulator.Simulation> StartAsync(
        RolloutPlan plan,
        WrittenRule rule,
        FaultPlan? faults = null
    ) => StartAsync(plan, Set(rule), faults);

    private static async Task<Simulator.Simulation> StartAsync(
        RolloutPlan plan,
        CalendarSet set,
        FaultPlan? faults = null
    )
    {
        var simulation = await Simulator.Simulation.StartAsync(
            Plans.Rollout(plan),
            faults ?? new FaultPlan(new Dictionary<(TenantName, string), Fault>()),
            hasTraffic: false,
            Token
        );
        simulation.Calendars = set;
        return simulation;
    }

    private static DateTimeOffset At(string text) =>
        DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
