using System.Collections.Immutable;
using CsCheck;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.TestKit;

namespace Tidegate.Tests.Rollouts;

/// <summary>How much of an environment may be at risk at once: in plans, and before each start.</summary>
public sealed class RiskTests
{
    private static readonly EnvironmentName Production = new("production");
    private static readonly SiteName[] Sites = [new("north"), new("south")];

    private static readonly Gen<RiskLimits> Limits = Gen.Select(
        Gen.Int[1, 100].Nullable(),
        Gen.Int[1, 100].Nullable(),
        Gen.Int[1, 100].Nullable(),
        (tenants, stores, revenue) =>
            new RiskLimits
            {
                Tenants = tenants,
                Stores = stores,
                Revenue = revenue,
            }
    );

    private static readonly Gen<(int Stores, int Revenue)[]> Fleet = Gen.Select(Gen.Int[1, 20], Gen.Int[1, 1000]).Array[
        1,
        30
    ];

    [Fact]
    public void A_wave_takes_only_as_many_tenants_as_may_be_at_risk_at_once()
    {
        var plan = Plan(new() { Tenants = 30 }, [.. Enumerable.Repeat((1, 1), 7)]);

        Assert.Equal([1, 2, 2, 2], plan.Waves.Select(wave => wave.Tenants.Length));
    }

    [Fact]
    public void A_tenant_that_alone_is_more_than_may_be_at_risk_is_left_alone_with_the_rule_that_says_so()
    {
        var plan = Plan(new() { Stores = 50 }, [(1, 1), (7, 1), (2, 1)]);

        Assert.Equal(["t1", "t3"], plan.Waves.SelectMany(wave => wave.Tenants).Select(Name));
        Assert.Equal(
            "t2 alone is 7 of 10 stores in production, and at most 50 % may be at risk at once (policies/careful.yaml:3).",
            Assert.Single(plan.Excluded).Reason
        );
    }

    [Fact]
    public void No_wave_has_more_than_may_be_at_risk_and_nobody_else_is_left_alone() =>
        Gen.Select(Limits, Fleet)
            .Sample(
                (limits, fleet) =>
                {
                    var plan = Plan(limits, fleet);
                    var whole = Sum(Enumerable.Range(1, fleet.Length));

                    Assert.All(
                        plan.Waves,
                        wave => Assert.Null(limits.ExceededBy(Sum(wave.Tenants.Select(Number)), whole))
                    );
                    Assert.Equal(
                        Enumerable
                            .Range(1, fleet.Length)
                            .Where(number => limits.ExceededBy(Sum([number]), whole) is not null)
                            .Select(number => $"t{number}")
                            .Order(StringComparer.Ordinal),
                        plan.Excluded.Select(exclusion => exclusion.Tenant.Value)
                    );

                    RiskWeights Sum(IEnumerable<int> numbers) => WeightOf(fleet, numbers);
                }
            );

    [Fact]
    public void A_raised_limit_leaves_nobody_alone_who_was_planned_and_makes_no_plan_of_the_same_tenants_longer() =>
        Gen.Select(Limits, Limits, Fleet)
            .Sample(
                (one, other, fleet) =>
                {
                    var (before, after) = (Plan(one, fleet), Plan(Raised(one, other), fleet));

                    Assert.Empty(
                        after
                            .Excluded.Select(exclusion => exclusion.Tenant)
                            .Except(before.Excluded.Select(exclusion => exclusion.Tenant))
                    );
                    if (after.Excluded.Length == before.Excluded.Length)
                    {
                        Assert.True(after.Waves.Length <= before.Waves.Length);
                    }
                }
            );

    [Fact]
    public void Whoever_begins_keeps_within_the_limits_and_a_raised_limit_closes_nothing_that_was_open() =>
        Gen.Select(
                Limits,
                Limits,
                Gen.Select(Fleet, Gen.Bool.Array[30], Gen.Bool.Array[30]),
                Gen.Int[1, 8].Nullable(),
                Gen.Int[0, 8]
            )
            .Sample(
                (one, other, world, concurrency, more) =>
                {
                    var (fleet, begun, sites) = world;
                    var numbers = Enumerable.Range(1, fleet.Length).ToList();
                    var candidates = numbers
                        .Where(number => !begun[number - 1])
                        .Select(number => new RiskCandidate(
                            new UpgradeId($"u-{number}"),
                            new TenantName($"t{number}"),
                            Sites[sites[number - 1] ? 0 : 1],
                            WeightOf(fleet, [number])
                        ))
                        .ToList();
                    var wanted = new RolloutDecision.Start(
                        1,
                        [
                            .. candidates
                                .GroupBy(candidate => candidate.Site)
                                .Select(site => new StartOnSite(site.Key, Math.Min(4, site.Count()))),
                        ]
                    );
                    if (candidates.Count == 0)
                    {
                        return;
                    }

                    var low = new LimitPolicy { AtRisk = one, Concurrency = concurrency };
                    var high = new LimitPolicy { AtRisk = Raised(one, other), Concurrency = concurrency + more };
                    var (before, after) = (Ask(low), Ask(high));

                    Within(low, before);
                    Within(high, after);
                    if (before is RolloutDecision.Start)
                    {
                        Assert.IsType<RolloutDecision.Start>(after);
                    }

                    RolloutDecision Ask(LimitPolicy limits) =>
                        new RiskGate(new RolloutId("r-1"), World(limits), Plans.Start).Start(wanted, candidates);

                    EnvironmentRisk World(LimitPolicy limits) =>
                        new(
                            Production,
                            limits,
                            Places,
                            WeightOf(fleet, numbers),
                            WeightOf(fleet, numbers.Where(number => begun[number - 1])),
                            numbers
                                .Where(number => begun[number - 1])
                                .GroupBy(number => Sites[sites[number - 1] ? 0 : 1])
                                .ToImmutableDictionary(site => site.Key, site => site.Count())
                        )
                        {
                            Origin = "commit 4f1c by Ann",
                        };

                    // Whatever was over its limit before, nothing that begins may be on top of it.
                    void Within(LimitPolicy limits, RolloutDecision decision)
                    {
                        if (decision is not RolloutDecision.Start start)
                        {
                            var blocker = Assert.Single(((RolloutDecision.Wait)decision).Blockers);
                            Assert.Contains(blocker.Code, new[] { RiskGate.AtRisk, RiskGate.SiteBusy });
                            Assert.Equal("commit 4f1c by Ann", blocker.Origin);
                            Assert.StartsWith("policies/careful.yaml:", blocker.Rule, StringComparison.Ordinal);
                            return;
                        }

                        var begin = start.Chosen is { } chosen
                            ? candidates.Where(each => chosen.Any(one => one.Id == each.Id)).ToList()
                            : start
                                .Sites.SelectMany(site =>
                                    candidates.Where(each => each.Site == site.Site).Take(site.Tenants)
                                )
                                .ToList();
                        var risk = World(limits);
                        Assert.Equal(start.Tenants, begin.Count);
                        Assert.Null(
                            limits.AtRisk.ExceededBy(
                                risk.AtRisk + RiskWeights.Sum(begin.Select(each => each.Weight)),
                                risk.Whole
                            )
                        );
                        Assert.All(
                            start.Sites,
                            site =>
                                Assert.True(
                                    risk.Busy.GetValueOrDefault(site.Site) + site.Tenants
                                        <= (limits.Concurrency ?? int.MaxValue)
                                )
                        );
                    }
                }
            );

    /// <summary>No lower in any measure; what is not limited is above everything.</summary>
    private static readonly ImmutableSortedDictionary<string, string> Places = ImmutableSortedDictionary.CreateRange(
        StringComparer.Ordinal,
        new[] { "concurrency", "atRisk.tenants", "atRisk.stores", "atRisk.revenue" }.Select(
            (key, line) =>
                KeyValuePair.Create($"limits.{key}", FormattableString.Invariant($"policies/careful.yaml:{line}"))
        )
    );

    private static RiskLimits Raised(RiskLimits limits, RiskLimits by) =>
        new()
        {
            Tenants = Higher(limits.Tenants, by.Tenants),
            Stores = Higher(limits.Stores, by.Stores),
            Revenue = Higher(limits.Revenue, by.Revenue),
        };

    private static int? Higher(int? left, int? right) =>
        left is null || right is null ? null : Math.Max(left.Value, right.Value);

    private static RiskWeights WeightOf((int Stores, int Revenue)[] fleet, IEnumerable<int> numbers) =>
        RiskWeights.Sum(
            numbers.Select(number => new RiskWeights(1, fleet[number - 1].Stores, fleet[number - 1].Revenue))
        );

    private static RolloutPlan Plan(RiskLimits limits, (int Stores, int Revenue)[] fleet) =>
        RolloutPlanner.Plan(
            new PlanRequest(Production, Plans.New, new RolloutPolicy(), [])
            {
                Terms = new(
                    Production,
                    Plans.New,
                    [],
                    TimeSpan.Zero,
                    EnvironmentPolicy.Default with
                    {
                        Limits = new() { AtRisk = limits },
                    },
                    "c1",
                    "Ann",
                    Plans.Start
                )
                {
                    Places = ImmutableSortedDictionary<string, string>.Empty.Add(
                        "limits.atRisk.stores",
                        "policies/careful.yaml:3"
                    ),
                },
            },
            [.. fleet.Select((each, index) => Candidate(index + 1, each))]
        );

    private static TenantCandidate Candidate(int number, (int Stores, int Revenue) weight)
    {
        var candidate = Plans.Candidate(number);
        return candidate with { Tenant = candidate.Tenant with { Stores = weight.Stores, Revenue = weight.Revenue } };
    }

    private static string Name(TenantPlan plan) => plan.Target.Tenant.Value;

    private static int Number(TenantPlan plan) =>
        int.Parse(Name(plan)[1..], System.Globalization.CultureInfo.InvariantCulture);
}
