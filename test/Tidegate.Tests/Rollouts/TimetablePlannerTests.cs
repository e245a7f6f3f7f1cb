using CsCheck;
using NodaTime;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.TestKit;
using Tidegate.Tests.Calendars;

namespace Tidegate.Tests.Rollouts;

/// <summary>Plans under calendars, from Monday, 23 November 2026, 6:00 UTC. Their shops are in Oslo, an hour ahead.</summary>
public sealed class TimetablePlannerTests
{
    private static readonly RolloutPolicy Policy = new() { WaveSizes = [1, 0], Concurrency = 1 };

    [Fact]
    public void Waves_are_packed_into_what_is_open()
    {
        var timetable = Plan(3, Policy, Rule(RuleEffect.Window, "22:00-23:00")).Timetable!;

        Assert.Equal(["t1"], timetable.Waves[0].Tenants.Select(tenant => tenant.Tenant.Value));
        Assert.Equal(["t2", "t3"], timetable.Waves[1].Tenants.Select(tenant => tenant.Tenant.Value));
        Assert.Equal(At("2026-11-23T21:00Z"), timetable.First!.Start);
        Assert.Equal(timetable.Waves[0].Tenants[0].Done, timetable.Waves[1].Tenants[0].Start);
        Assert.Equal(At("2026-11-23T22:00Z"), timetable.Last!.Closes);
        Assert.Equal("retail/rule", timetable.Last.ClosedBy);
        Assert.Equal("Europe/Oslo", timetable.Last.Zone);
        Assert.Empty(timetable.Unfit);
    }

    [Fact]
    public void A_window_that_lets_only_so_many_start_takes_more_nights()
    {
        var timetable = Plan(
            5,
            Policy with
            {
                WaveSizes = [0],
                Concurrency = 5,
            },
            Rule(RuleEffect.Window, "22:00-23:00") with
            {
                MostStarts = 2,
            }
        ).Timetable!;

        Assert.Equal(
            ["23", "23", "24", "24", "25"],
            timetable
                .Waves[0]
                .Tenants.Select(tenant => tenant.Start.Day.ToString(System.Globalization.CultureInfo.InvariantCulture))
        );
    }

    [Fact]
    public void Who_does_not_fit_into_any_opening_is_told_with_what_it_needs()
    {
        var timetable = Plan(1, Policy, Rule(RuleEffect.Window, "22:00-22:01")).Timetable!;

        var unfit = Assert.Single(timetable.Unfit);
        Assert.StartsWith("t1 does not fit: it needs ", unfit.Reason, StringComparison.Ordinal);
        Assert.EndsWith(
            " with its way back, and the longest opening is 1 min.",
            unfit.Reason,
            StringComparison.Ordinal
        );
        Assert.Null(unfit.Earliest);
        Assert.Null(timetable.Last);
    }

    [Fact]
    public void A_freeze_beyond_what_is_looked_ahead_tells_the_earliest_that_fits()
    {
        var timetable = Plan(
            1,
            Policy,
            new("rule")
            {
                Effect = RuleEffect.Freeze,
                Scope = new() { Tenants = ["*"] },
                When = new() { From = "2026-11-01", To = "2027-02-28" },
            }
        ).Timetable!;

        var unfit = Assert.Single(timetable.Unfit);
        Assert.Contains("never open until 2027-01-22 07:00 Europe/Oslo", unfit.Reason, StringComparison.Ordinal);
        Assert.Equal(At("2027-02-28T23:00Z"), unfit.Earliest);
    }

    [Fact]
    public void Without_a_rule_that_speaks_of_its_tenants_a_plan_has_no_timetable_and_the_hash_that_it_had()
    {
        var other = Rule(RuleEffect.Freeze, "00:00-24:00") with { Scope = new() { Environments = ["staging"] } };

        var plan = Plan(2, Policy, other);

        Assert.Null(plan.Timetable);
        Assert.Equal(Plans.Of(2, Policy).Hash, plan.Hash);
    }

    [Fact]
    public void The_hash_has_the_rules_that_decide_and_no_time()
    {
        var rule = Rule(RuleEffect.Window, "22:00-23:00");
        var plan = Plan(2, Policy, rule);

        Assert.Equal(plan.Hash, Plan(2, Policy, rule, Plans.Start.AddDays(3)).Hash);
        Assert.Equal(plan.Hash, Plan(2, Policy, rule with { Line = 99 }).Hash);
        Assert.NotEqual(plan.Hash, Plans.Of(2, Policy).Hash);
        Assert.NotEqual(plan.Hash, Plan(2, Policy, rule with { LetsFinish = false }).Hash);
        Assert.NotEqual(plan.Hash, Plan(2, Policy, rule with { MostStarts = 3 }).Hash);
        Assert.NotEqual(plan.Hash, Plan(2, Policy, Rule(RuleEffect.Window, "22:00-23:30")).Hash);
    }

    [Fact]
    public void Every_place_in_a_timetable_is_open_and_wide_enough_and_nobody_is_forgotten() =>
        Gen.Select(WrittenGen.Set, Gen.Int[1, 9], Gen.Int[1, 3], Gen.Int[0, 3])
            .Sample(
                (set, tenants, concurrency, bake) =>
                {
                    var policy = new RolloutPolicy
                    {
                        Concurrency = concurrency,
                        WaveSizes = [1, 3],
                        Bake = TimeSpan.FromMinutes(bake),
                    };
                    var plan = Plan(tenants, policy, set, Plans.Start);
                    if (plan.Timetable is not { } timetable)
                    {
                        return true;
                    }

                    var places = timetable.Waves.SelectMany(wave => wave.Tenants).ToList();
                    var plans = plan.Waves.SelectMany(wave => wave.Tenants).ToDictionary(each => each.Target.Tenant);
                    var groups = new CalendarGroups(set.Rules);
                    return places.Count + timetable.Unfit.Length == tenants
                        && places.TrueForAll(place =>
                        {
                            var group = groups.Of(Target(place.Tenant));
                            var from = Instant.FromDateTimeOffset(place.Start);
                            var decision = group.Decide(new(Target(place.Tenant), StartKind.Manual, from));
                            var closes = group.NextClosing(StartKind.Manual, from);
                            return decision.IsOpen
                                && (closes is null || from + Duration.FromTimeSpan(plans[place.Tenant].Need) < closes);
                        })
                        && places.TrueForAll(place =>
                            places.Count(other => other.Start <= place.Start && place.Start < other.Done) <= concurrency
                        )
                        && timetable
                            .Waves.Zip(timetable.Waves.Skip(1))
                            .All(pair =>
                                pair.Second.Tenants.All(later =>
                                    pair.First.Tenants.All(earlier => earlier.Done <= later.Start)
                                )
                            );
                },
                iter: 300
            );

    private static CalendarTarget Target(TenantName tenant) =>
        new(
            tenant,
            new("production"),
            new("local"),
            new("shared"),
            [],
            DateTimeZoneProviders.Tzdb["Europe/Oslo"],
            null,
            null
        );

    private static RolloutPlan Plan(int tenants, RolloutPolicy policy, WrittenRule rule, DateTimeOffset? now = null) =>
        Plan(
            tenants,
            policy,
            CalendarSet.Of([new TradingCalendar(new CalendarName("retail"), [rule])]),
            now ?? Plans.Start
        );

    private static RolloutPlan Plan(int tenants, RolloutPolicy policy, CalendarSet set, DateTimeOffset now) =>
        RolloutPlanner.Plan(
            new PlanRequest(new EnvironmentName("production"), Plans.New, policy, []) { Calendars = set, Now = now },
            [.. Enumerable.Range(1, tenants).Select(number => Plans.Candidate(number))]
        );

    private static WrittenRule Rule(RuleEffect effect, string hours) =>
        new("rule")
        {
            Effect = effect,
            Scope = new() { Tenants = ["*"] },
            When = new() { Hours = hours },
        };

    private static DateTimeOffset At(string text) =>
        DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
