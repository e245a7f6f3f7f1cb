using CsCheck;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.TestKit;

namespace Tidegate.Tests.Rollouts;

public sealed class RolloutPlannerTests
{
    [Fact]
    public void The_first_wave_is_one_tenant_and_the_second_the_rest()
    {
        var plan = Plans.Of(5);

        Assert.Equal([1, 4], plan.Waves.Select(wave => wave.Tenants.Length));
    }

    [Fact]
    public void A_named_canary_goes_first()
    {
        var plan = Plans.Of(3, new RolloutPolicy { Canaries = [new TenantName("t3")] });

        Assert.Equal("t3", plan.Waves[0].Tenants.Single().Target.Tenant.Value);
    }

    [Fact]
    public void A_wave_takes_only_as_many_checkpoints_as_fit_the_disk_budget()
    {
        var plan = Plans.Of(7, new RolloutPolicy { CheckpointBudgetBytes = 120 << 20 });

        Assert.Equal([1, 2, 2, 2], plan.Waves.Select(wave => wave.Tenants.Length));
    }

    [Fact]
    public void A_tenant_that_cannot_be_planned_is_left_alone_with_a_reason_and_the_others_go()
    {
        var plan = Plan(
            Plans.Candidate(1),
            Plans.Candidate(2, bytes: 30L << 30),
            Plans.Candidate(3, busyWith: new RolloutId("r-9")),
            Plans.Candidate(4, problem: "database db4 does not exist.")
        );

        Assert.Equal(["t1"], plan.Waves.SelectMany(wave => wave.Tenants).Select(tenant => tenant.Target.Tenant.Value));
        Assert.Equal(["t2", "t3", "t4"], plan.Excluded.Select(exclusion => exclusion.Tenant.Value));
        Assert.Contains("30720 MB", plan.Excluded[0].Reason, StringComparison.Ordinal);
        Assert.Contains("r-9", plan.Excluded[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_name_without_room_for_the_checkpoint_is_refused()
    {
        var candidate = Plans.Candidate(1);
        var longest = new string('d', NameRules.LongestDatabaseName);

        Assert.Empty(Plan(candidate with { Tenant = candidate.Tenant with { Database = longest } }).Excluded);
        Assert.Contains(
            "63",
            Plan(candidate with { Tenant = candidate.Tenant with { Database = longest + "d" } }).Excluded[0].Reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_tenant_that_would_be_held_beyond_the_bound_is_planned_with_a_maintenance_page()
    {
        var plan = Plan(Plans.Candidate(1), Plans.Candidate(2, bytes: 10L << 30));

        Assert.Equal(CutoverMode.Held, plan.Waves[0].Tenants[0].Mode);
        Assert.Equal(CutoverMode.Maintenance, plan.Waves[1].Tenants[0].Mode);
    }

    [Fact]
    public void The_same_fleet_gives_the_same_plan_in_whatever_order_it_is_read()
    {
        Gen.Shuffle(Enumerable.Range(1, 12).ToArray())
            .Sample(order =>
                Assert.Equal(Plans.Of(12).Hash, Plan([.. order.Select(number => Plans.Candidate(number))]).Hash)
            );
    }

    [Fact]
    public void Every_tenant_is_in_the_plan_once_and_every_wave_keeps_its_size_and_budget()
    {
        Gen.Select(Gen.Long[0, 40L << 30].List[0, 40], Gen.Int[0, 5].Array[1, 3], Gen.Long[1L << 20, 60L << 30])
            .Sample(
                (sizes, waves, budget) =>
                {
                    var policy = new RolloutPolicy { WaveSizes = [.. waves], CheckpointBudgetBytes = budget };
                    var candidates = sizes.Select((bytes, index) => Plans.Candidate(index + 1, bytes)).ToArray();
                    var plan = RolloutPlanner.Plan(Request(policy), candidates);

                    var planned = plan.Waves.SelectMany(wave => wave.Tenants).Select(tenant => tenant.Target.Tenant);
                    Assert.Equal(
                        candidates.Select(candidate => candidate.Tenant.Name.Value).Order(StringComparer.Ordinal),
                        planned
                            .Concat(plan.Excluded.Select(exclusion => exclusion.Tenant))
                            .Select(name => name.Value)
                            .Order(StringComparer.Ordinal)
                    );
                    foreach (var wave in plan.Waves)
                    {
                        var size = waves[Math.Min(wave.Number - 1, waves.Length - 1)];
                        Assert.True(size == 0 || wave.Tenants.Length <= size);
                        Assert.True(
                            wave.Tenants.Length == 1 || wave.Tenants.Sum(tenant => tenant.CheckpointBytes) <= budget
                        );
                    }
                }
            );
    }

    /// <summary>They had changed places with every order that one of them took, and each time what was agreed of the plan was void.</summary>
    [Fact]
    public void Shops_of_about_one_size_do_not_change_places_while_they_sell()
    {
        string[] Order(long first, long second) =>
            [
                .. RolloutPlanner
                    .Plan(Request(new RolloutPolicy()), [Plans.Candidate(1, first), Plans.Candidate(2, second)])
                    .Waves.SelectMany(wave => wave.Tenants)
                    .Select(tenant => tenant.Target.Tenant.Value),
            ];

        Assert.Equal(Order(52_000_000, 52_008_192), Order(52_016_384, 52_008_192));
        Assert.NotEqual(Order(52_000_000, 1_000_000_000), Order(1_000_000_000, 52_000_000));
    }

    [Fact]
    public void The_hash_covers_what_was_decided_and_not_what_was_predicted()
    {
        var plan = Plans.Of(2);
        var wave = plan.Waves[0];
        var tenant = wave.Tenants[0];

        RolloutPlan With(TenantPlan changed) =>
            plan with
            {
                Waves = plan.Waves.SetItem(0, wave with { Tenants = [changed] }),
            };

        Assert.Equal(plan.Hash, PlanHash.Of(With(tenant with { PredictedHold = TimeSpan.FromHours(1) })));
        Assert.NotEqual(plan.Hash, PlanHash.Of(With(tenant with { Steps = tenant.Steps.RemoveAt(0) })));
        Assert.NotEqual(
            plan.Hash,
            PlanHash.Of(With(tenant with { Target = tenant.Target with { Modules = ["other"] } }))
        );
    }

    private static PlanRequest Request(RolloutPolicy? policy = null) =>
        new(new EnvironmentName("production"), Plans.New, policy ?? new RolloutPolicy(), []);

    private static RolloutPlan Plan(params TenantCandidate[] candidates) => RolloutPlanner.Plan(Request(), candidates);
}
