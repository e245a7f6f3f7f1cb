using System.Collections.Immutable;
using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.Tests.Drills;

public sealed class DrillScheduleTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly SiteName Oslo = new("oslo");
    private static readonly HashSet<TenantName> Tenants = [new("a"), new("b"), new("c")];
    private static readonly ObjectiveTerms Orders = new(
        new(new("orders"), "order-capture", TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(1))
        {
            Drills = new() { TenantCorruption = TimeSpan.FromDays(30) },
            Proof = GateDemand.Required,
        },
        [new("a"), new("b"), new("elsewhere")]
    );

    [Fact]
    public void What_was_never_drilled_is_due_overdue_and_does_not_pass()
    {
        var fact = Assert.Single(Facts().All);

        Assert.True(fact.IsDue(Noon));
        Assert.Equal("tenant-corruption-never", DrillReasons.Of(fact, Noon).Code);
        Assert.Equal(GateVerdict.Inconclusive, Facts().Ask("drilled", Noon).Verdict);
    }

    [Fact]
    public void The_tenant_whose_last_time_is_longest_ago_is_next()
    {
        Assert.Equal(new TenantName("a"), Facts().All[0].Next);
        Assert.Equal(new TenantName("b"), Facts(Drill("a", 1)).All[0].Next);
        Assert.Equal(new TenantName("a"), Facts(Drill("a", 9), Drill("b", 3)).All[0].Next);
    }

    [Fact]
    public void A_drill_in_time_that_was_kept_passes_and_ages()
    {
        var facts = Facts(Drill("a", 20));

        Assert.False(facts.All[0].IsDue(Noon));
        Assert.Equal(GateVerdict.Pass, facts.Ask("drilled", Noon).Verdict);
        Assert.True(facts.All[0].IsDue(Noon.AddDays(8)));
        Assert.False(facts.All[0].IsOverdue(Noon.AddDays(8)));
        Assert.Equal("tenant-corruption-overdue", DrillReasons.Of(facts.All[0], Noon.AddDays(11)).Code);
        Assert.Equal(GateVerdict.Inconclusive, facts.Ask("drilled", Noon.AddDays(11)).Verdict);
    }

    [Fact]
    public void A_failed_one_fails_until_a_newer_one_is_kept()
    {
        var failed = Facts(Drill("a", 2, TimeSpan.FromHours(1)));

        Assert.Equal(GateVerdict.Fail, failed.Ask("drilled", Noon).Verdict);
        Assert.Equal("tenant-corruption-failed", DrillReasons.Of(failed.All[0], Noon).Code);
        Assert.Equal(
            GateVerdict.Pass,
            Facts(Drill("a", 2, TimeSpan.FromHours(1)), Drill("b", 1)).Ask("drilled", Noon).Verdict
        );
    }

    [Fact]
    public void A_drill_of_another_site_another_tenant_or_before_the_objective_says_nothing()
    {
        Assert.Null(Facts(Drill("c", 1)).All[0].Last);
        Assert.Null(Facts(Drill("a", 1) with { Site = new("bergen") }).All[0].Last);
        var before = Drill("a", 1);
        before = before with { Judgement = before.Judgement with { Processes = [] } };
        Assert.Equal(GateVerdict.Inconclusive, Facts(before).All[0].Verdict);
    }

    [Fact]
    public void Where_it_is_only_reported_nothing_waits_for_it()
    {
        var report = Orders with { Objective = Orders.Objective with { Proof = GateDemand.Report } };

        var facts = DrillSchedule.Of(Oslo, Tenants, [report], []);

        Assert.Single(facts.All);
        Assert.Equal(GateVerdict.Pass, facts.Ask("drilled", Noon).Verdict);
    }

    private static DrillFacts Facts(params DrillResult[] drills) =>
        DrillSchedule.Of(Oslo, Tenants, [Orders], [.. drills.Select(drill => new StoredDrill(drill, "r"))]);

    private static DrillResult Drill(string tenant, int daysAgo, TimeSpan? took = null)
    {
        var measured = new DrillMeasurement(
            took ?? TimeSpan.FromMinutes(2),
            TimeSpan.Zero,
            20,
            0,
            ImmutableSortedDictionary<string, long?>.Empty,
            [new("it is there", true, "all of it")]
        );
        return new(
            new($"d-{tenant}{daysAgo}"),
            DrillScenario.TenantCorruption,
            Oslo,
            new(tenant),
            Noon.AddDays(-daysAgo).AddMinutes(-5),
            Noon.AddDays(-daysAgo),
            [],
            measured,
            DrillVerdict.Judge(measured, [Orders.Objective], null),
            null
        );
    }
}
