using CsCheck;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Simulator;
using Tidegate.Simulator.Steps;
using Tidegate.TestKit;

namespace Tidegate.Tests.Simulation;

/// <summary>The real engine under limits of risk, on a fleet in memory whose plan knows nothing of them.</summary>
public sealed class LimitTests
{
    private static readonly EnvironmentName Production = new("production");

    private static readonly RolloutPolicy AllAtOnce = new()
    {
        Concurrency = 8,
        WaveSizes = [0],
        FailureBudget = 99,
        Bake = TimeSpan.FromMinutes(5),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_next_begins_when_one_has_baked_and_it_is_told_meanwhile_by_which_rule()
    {
        var simulation = await StartAsync(3, new() { AtRisk = new() { Tenants = 34 } });
        var engine = simulation.NewEngine(CrashPlan.Never());
        await engine.TurnAsync(Token);
        while (simulation.Store.Told.Count == 0)
        {
            Assert.True(await engine.TurnAsync(Token) || simulation.PassTime());
        }

        var told = Assert.Single(simulation.Store.Told[new RolloutId("r-1")]);
        Assert.Equal(
            (
                "at-risk",
                "t2 and 1 more of wave 1 wait: 1 of 3 tenants in production are at risk, it has 1, and at most 34 % may be at once.",
                "policies/careful.yaml:3"
            ),
            (told.Code, told.What, told.Rule)
        );

        await simulation.RunAsync(CrashPlan.Never(), null, Token);

        Assert.Equal(RolloutOutcome.Completed, simulation.Outcome);
        Assert.Empty(simulation.Store.Told);
        Assert.True(simulation.Clock.GetUtcNow() >= Plans.Start.AddMinutes(15));
    }

    [Fact]
    public async Task What_alone_is_too_much_is_somebodys_to_clear()
    {
        var simulation = await StartAsync(2, new() { AtRisk = new() { Tenants = 10 } });
        await simulation.NewEngine(CrashPlan.Never()).TurnAsync(Token);

        var told = Assert.Single(simulation.Store.Told[new RolloutId("r-1")]);
        Assert.Equal(
            ("the author of the commit", "raise limits.atRisk.tenants in git, or tidegate rollout abort r-1"),
            (told.Clears, told.Next)
        );
    }

    [Fact]
    public async Task A_limit_that_is_raised_meanwhile_counts_at_once()
    {
        var simulation = await StartAsync(3, new() { AtRisk = new() { Tenants = 34 } });
        var engine = simulation.NewEngine(CrashPlan.Never());
        await engine.TurnAsync(Token);
        Assert.Equal(1, simulation.Store.AtRisk(Production).Tenants);

        simulation.Store.Limits = new();
        while (simulation.Store.AtRisk(Production).Tenants < 3)
        {
            Assert.True(await engine.TurnAsync(Token) || simulation.PassTime());
        }

        Assert.True(simulation.Clock.GetUtcNow() < Plans.Start.AddMinutes(1));
    }

    [Fact]
    public async Task The_way_back_is_not_limited()
    {
        var simulation = await StartAsync(3, new(), ("t1", "verify"), ("t2", "verify"), ("t3", "verify"));
        var engine = simulation.NewEngine(CrashPlan.Never());
        while (simulation.Store.AtRisk(Production).Tenants < 3)
        {
            Assert.True(await engine.TurnAsync(Token) || simulation.PassTime());
        }

        simulation.Store.Limits = new()
        {
            AtRisk = new() { Tenants = 1 },
            Concurrency = 1,
        };
        await simulation.RunAsync(CrashPlan.Never(), null, Token);

        Assert.All(simulation.Store.Upgrades, upgrade => Assert.Equal(UpgradeEnding.RolledBack, upgrade.Ending));
    }

    [Fact]
    public async Task At_no_instant_is_more_at_risk_than_may_be() =>
        await Gen.Select(
                Gen.Select(Gen.Int[1, 9], Gen.Int[1, 99]).Array[2, 7],
                Gen.Int[1, 100],
                Gen.Int[1, 100],
                Gen.Int[1, 100],
                Gen.Int[1, 4].Nullable(),
                Gen.Bool.Array[7]
            )
            .SampleAsync(
                async (fleet, tenants, stores, revenue, concurrency, bad) =>
                {
                    var weights = fleet.Select(each => new RiskWeights(1, each.Item1, each.Item2)).ToList();
                    var whole = RiskWeights.Sum(weights);
                    var limits = new LimitPolicy
                    {
                        Concurrency = concurrency,
                        AtRisk = new()
                        {
                            Tenants = Least(tenants, RiskMeasure.Tenants),
                            Stores = Least(stores, RiskMeasure.Stores),
                            Revenue = Least(revenue, RiskMeasure.Revenue),
                        },
                    };
                    var simulation = await StartAsync(
                        fleet.Length,
                        limits,
                        [
                            .. Enumerable
                                .Range(1, fleet.Length)
                                .Where(number => bad[number - 1])
                                .Select(number => ($"t{number}", number % 2 == 0 ? "judge" : "verify")),
                        ]
                    );
                    foreach (var (weight, index) in weights.Select((weight, index) => (weight, index)))
                    {
                        simulation.Store.Weights[new TenantName($"t{index + 1}")] = weight;
                    }

                    var engine = simulation.NewEngine(CrashPlan.Never());
                    var most = 0L;
                    while (await engine.TurnAsync(Token) || simulation.PassTime())
                    {
                        var atRisk = simulation.Store.AtRisk(Production);
                        Assert.Null(limits.AtRisk.ExceededBy(atRisk, whole));
                        Assert.True(atRisk.Tenants <= (concurrency ?? int.MaxValue));
                        most = Math.Max(most, atRisk.Tenants);
                    }

                    Assert.True(most > 0);
                    Assert.All(simulation.Store.Upgrades, upgrade => Assert.Equal(UpgradeState.Ended, upgrade.State));

                    // Below what one tenant weighs that one would never begin.
                    int Least(int percent, RiskMeasure measure) =>
                        (int)
                            Math.Max(
                                percent,
                                weights.Max(weight =>
                                    (weight.Of(measure) * 100 + whole.Of(measure) - 1) / whole.Of(measure)
                                )
                            );
                },
                iter: 60
            );

    private static async Task<Simulator.Simulation> StartAsync(
        int tenants,
        LimitPolicy limits,
        params (string Tenant, string Step)[] bad
    )
    {
        var simulation = await Simulator.Simulation.StartAsync(
            Plans.Rollout(Plans.Of(tenants, AllAtOnce)),
            new FaultPlan(
                bad.ToDictionary(
                    each => (new TenantName(each.Tenant), each.Step),
                    each => (Fault)new Fault.Bad($"{each.Step} failed")
                )
            ),
            hasTraffic: false,
            Token
        );
        simulation.Store.Limits = limits;
        return simulation;
    }
}
