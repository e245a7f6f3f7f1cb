using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.TestKit;

/// <summary>What every rollout store promises about calendars.</summary>
public abstract partial class RolloutStoreContract
{
    private static readonly RolloutPolicy AllAtOnce = new() { WaveSizes = [0], Concurrency = 4 };

    private static readonly CalendarSet Nights = CalendarSet.Of([
        new TradingCalendar(
            new CalendarName("retail"),
            [
                new("nights")
                {
                    Effect = RuleEffect.Window,
                    Scope = new() { Tenants = ["*"] },
                    When = new() { Hours = "06:00-07:00" },
                    TimeZone = "UTC",
                    MostStarts = 2,
                },
            ]
        ),
    ]);

    [Fact]
    public async Task Tenants_that_would_begin_are_told_in_the_plans_order_with_what_calendars_ask()
    {
        var store = await CalendarStoreAsync(3);
        var claimed = await ClaimDueAsync(store, Plans.Start);

        var pending = await ((IStartCandidates)store).PendingAsync(claimed, 1, Cancel);

        Assert.Equal(new RolloutCalendar(StartKind.Manual, null, null, IsTold: false), claimed.Calendar);
        Assert.Equal(["t1", "t2", "t3"], pending.Select(candidate => candidate.Target.Tenant.Value));
        Assert.All(
            pending,
            candidate =>
                Assert.Equal(
                    ("production", "local", "shared"),
                    (candidate.Target.Environment.Value, candidate.Target.Site.Value, candidate.Target.Pool.Value)
                )
        );
        Assert.Equal(Plans.Of(1).Waves[0].Tenants[0].Need, pending[0].Need);
        Assert.Empty(await ((IStartCandidates)store).UnderWayAsync(claimed, Cancel));
    }

    [Fact]
    public async Task Exactly_who_was_chosen_begins_and_the_opening_that_they_use_is_counted()
    {
        var store = await CalendarStoreAsync(3);

        var decision = Assert.IsType<RolloutDecision.Start>(await AskAsync(store, Nights, Plans.Start));

        Assert.Equal(2, decision.Tenants);
        var opening = Assert.Single(decision.Chosen!.Value.SelectMany(each => each.Openings).Distinct());
        Assert.Equal(2, (await ((IStartCandidates)store).StartedAsync([opening], Cancel))[opening]);
        Assert.Equal(0, (await ((IStartCandidates)store).StartedAsync(["other"], Cancel)).GetValueOrDefault("other"));
        ClaimedUpgrade?[] begun = [await ClaimAsync(store), await ClaimAsync(store)];
        Assert.Equal(["t1", "t2"], begun.Select(each => each?.Upgrade.Target.Tenant.Value).Order());
        Assert.Null(await ClaimAsync(store));
    }

    [Fact]
    public async Task A_rollout_that_waits_for_an_opening_is_due_then_and_not_before_and_is_told_meanwhile()
    {
        var store = await CalendarStoreAsync(1);
        var wait = Assert.IsType<RolloutDecision.Wait>(await AskAsync(store, Nights, Plans.Start.AddHours(2)));
        Assert.Equal(Plans.Start.AddDays(1), wait.Wake);
        Assert.Equal("outside-window", Assert.Single(wait.Blockers).Code);

        Assert.Null(await store.ClaimRolloutAsync(NewClaim("first", Plans.Start.AddHours(23)), Cancel));
        var claimed = await ClaimDueAsync(store, Plans.Start.AddDays(1));

        Assert.True(claimed.Calendar!.IsTold);
        Assert.True(
            await store.ApplyAsync(claimed, new RolloutDecision.Wait { Wake = Plans.Start }, Plans.Start, Cancel)
        );
        Assert.False((await ClaimDueAsync(store, Plans.Start.AddDays(1))).Calendar!.IsTold);
    }

    [Fact]
    public async Task Who_is_turned_back_goes_back_and_who_has_begun_to_open_does_not()
    {
        var store = await CalendarStoreAsync(2);
        Assert.IsType<RolloutDecision.Start>(await AskAsync(store, Nights, Plans.Start, wake: Plans.Start));
        // t1 begins to open, t2 is before that.
        while (await ClaimAsync(store) is { } step && step.Upgrade.Next is not Open)
        {
            Assert.True(
                await RecordAsync(
                    store,
                    step,
                    step.Upgrade.Target.Tenant.Value is "t2" && step.Upgrade.Next is Quiesce
                        ? new StepOutcome.NotYet(TimeSpan.FromHours(1), "a cron job runs")
                        : new StepOutcome.Done("done")
                )
            );
        }

        var claimed = await ClaimDueAsync(store, Plans.Start);
        var underWay = await ((IStartCandidates)store).UnderWayAsync(claimed, Cancel);
        Assert.Equal(["t2"], underWay.Select(candidate => candidate.Target.Tenant.Value));

        var decision = RecordedDecision.Of(
            Nights,
            new(underWay[0].Target, StartKind.Manual, NodaTime.Instant.FromDateTimeOffset(Plans.Start)),
            new([], [], NodaTime.Instant.FromDateTimeOffset(Plans.Start), "TZDB")
        );
        var back = new RolloutDecision.GoBack([new(underWay[0].Id, "The freeze holds", decision)]);
        Assert.True(await store.ApplyAsync(claimed, back, Plans.Start, Cancel));

        var turned = await ClaimAsync(store);
        Assert.Equal(("t2", UpgradeState.Back), (turned!.Upgrade.Target.Tenant.Value, turned.Upgrade.State));
        Assert.Equal("The freeze holds", turned.Upgrade.Reason);
    }

    [Fact]
    public async Task No_calendar_is_asked_about_the_way_back_and_each_other_by_its_kind()
    {
        Assert.Null(await CalendarAsync(Plans.Rollout(Plans.Of(1)) with { Kind = RolloutKind.Restore }));
        var healing = await CalendarAsync(Plans.Healing("h-1", 1));
        Assert.Equal((StartKind.Healing, true), (healing!.Kind, healing.IsWithoutRelease));
        var refresh = await CalendarAsync(Plans.Rollout(Plans.Of(1)) with { Kind = RolloutKind.Refresh });
        Assert.Equal((StartKind.Manual, true), (refresh!.Kind, refresh.IsWithoutRelease));
        var manual = await CalendarAsync(Plans.Rollout(Plans.Of(1)));
        Assert.Equal((StartKind.Manual, false), (manual!.Kind, manual.IsWithoutRelease));
        var automatic = await CalendarAsync(Plans.Rollout(Plans.Of(1)) with { IsAutomatic = true });
        Assert.Equal((StartKind.Automatic, false), (automatic!.Kind, automatic.IsWithoutRelease));

        async Task<RolloutCalendar?> CalendarAsync(NewRollout rollout)
        {
            var store = await EmptyStoreAsync();
            Assert.IsType<StartRolloutResult.Started>(await store.StartAsync(rollout, Cancel));
            return (await ClaimDueAsync(store, Plans.Start)).Calendar;
        }
    }

    [Theory]
    [InlineData("D", "start")]
    [InlineData("B", "start")]
    [InlineData(null, CalendarReason.ClassUnknown)]
    public async Task A_rollout_is_asked_about_by_the_class_and_risk_of_its_release(string? known, string expected)
    {
        var store = await EmptyStoreAsync();
        var plan = Plans.Of(1, AllAtOnce) with { Calendar = new(known, "high", []) };
        Assert.IsType<StartRolloutResult.Started>(await store.StartAsync(Plans.Rollout(plan), Cancel));
        var heavy = CalendarSet.Of([
            new TradingCalendar(
                new CalendarName("retail"),
                [
                    new("heavy")
                    {
                        Effect = RuleEffect.Window,
                        Scope = new() { Classes = ["D", "E"], Risks = ["high"] },
                        When = new() { Hours = "06:00-07:00" },
                        TimeZone = "UTC",
                    },
                ]
            ),
        ]);

        var decision = await AskAsync(store, heavy, Plans.Start);

        Assert.Equal(expected, decision is RolloutDecision.Wait wait ? Assert.Single(wait.Blockers).Code : "start");
        if (decision is RolloutDecision.Wait { Blockers: [var blocker] })
        {
            Assert.Contains("class is known, then tidegate rollout abort", blocker.Next, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_emergency_goes_past_the_rules_that_it_names_until_it_ends()
    {
        var store = await EmptyStoreAsync();
        var emergency = new EmergencyToOpen(
            new("e-1"),
            "the tills do not print",
            ["approved", "window:retail/nights"],
            Plans.Start.AddHours(4),
            SecondUntil: null
        );
        var rollout = Plans.Rollout(Plans.Of(1, AllAtOnce)) with { Emergency = emergency };
        Assert.IsType<StartRolloutResult.Started>(await store.StartAsync(rollout, Cancel));

        var during = await ClaimDueAsync(store, Plans.Start.AddHours(4).AddSeconds(-1));
        Assert.Equal("e-1", during.Calendar?.Past?.Emergency);
        Assert.Equal(["retail/nights"], during.Calendar!.Past!.Rules);
        Assert.True(
            await store.ApplyAsync(during, new RolloutDecision.Wait { Wake = Plans.Start }, Plans.Start, Cancel)
        );
        Assert.Null((await ClaimDueAsync(store, Plans.Start.AddHours(4))).Calendar!.Past);
    }

    private async Task<IRolloutStore> CalendarStoreAsync(int tenants)
    {
        var store = await EmptyStoreAsync();
        Assert.IsType<StartRolloutResult.Started>(
            await store.StartAsync(Plans.Rollout(Plans.Of(tenants, AllAtOnce)), Cancel)
        );
        return store;
    }

    private static async Task<ClaimedRollout> ClaimDueAsync(IRolloutStore store, DateTimeOffset now)
    {
        var claimed = await store.ClaimRolloutAsync(NewClaim("first", now), Cancel);
        Assert.NotNull(claimed);
        return claimed;
    }

    /// <param name="wake">When the rollout is decided again, where tenants begin.</param>
    private static async Task<RolloutDecision> AskAsync(
        IRolloutStore store,
        CalendarSet set,
        DateTimeOffset now,
        DateTimeOffset? wake = null
    )
    {
        var claimed = await ClaimDueAsync(store, now);
        var calendar = new StartCalendar(new FixedCalendars(set), (IStartCandidates)store);
        var decision = await calendar.AskAsync(claimed, RolloutDecider.Next(claimed.Summary), now, Cancel);
        var applied = decision is RolloutDecision.Start start ? start with { Wake = wake } : decision;
        Assert.True(await store.ApplyAsync(claimed, applied, now, Cancel));
        return decision;
    }

    private sealed class FixedCalendars(CalendarSet set) : ICalendars
    {
        public Task<CalendarSet> InForceAsync(CancellationToken cancellationToken) => Task.FromResult(set);
    }
}
