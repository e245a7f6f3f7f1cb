using System.Text.Json;
using Tidegate.Cli.Rollouts;
using Tidegate.Contracts;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.TestKit;

namespace Tidegate.Tests.Cli;

/// <summary>Plans as people and programs read them, hash included: what a plan decides does not change unnoticed.</summary>
public sealed class PlanGoldenTests
{
    private static readonly RolloutPolicy Careful = new()
    {
        Version = "careful/1",
        Canaries = [new TenantName("t3")],
        WaveSizes = [1, 2, 0],
        CheckpointBudgetBytes = 150 << 20,
        MaxDatabaseBytes = 10L << 30,
        HoldBound = TimeSpan.FromSeconds(60),
        Bake = TimeSpan.FromMinutes(30),
    };

    [Theory]
    [InlineData("plan.txt")]
    [InlineData("plan.json")]
    public void A_plan_with_a_canary_a_large_shop_and_tenants_that_are_left_alone(string golden)
    {
        var plan = Plan(
            Careful,
            Plans.Candidate(1),
            Plans.Candidate(2),
            Plans.Candidate(3),
            Plans.Candidate(4, bytes: 5L << 30),
            Plans.Candidate(5) with
            {
                Modules = [],
            },
            Plans.Candidate(6, bytes: 30L << 30),
            Plans.Candidate(7, busyWith: new RolloutId("r-9")),
            Plans.Candidate(8, problem: "database db8 of t8 does not exist; create it or correct the tenant's entry."),
            Plans.Candidate(9) with
            {
                From = Plans.New,
            }
        );

        Golden.Matches(golden, golden.EndsWith(".json", StringComparison.Ordinal) ? Json(plan) : Text(plan));
    }

    [Theory]
    [InlineData("plan-nobody.txt")]
    [InlineData("plan-nobody.json")]
    public void A_plan_that_has_nobody(string golden)
    {
        var plan = Plan(new RolloutPolicy(), Plans.Candidate(1) with { From = Plans.New });

        Golden.Matches(golden, golden.EndsWith(".json", StringComparison.Ordinal) ? Json(plan) : Text(plan));
    }

    private static RolloutPlan Plan(RolloutPolicy policy, params TenantCandidate[] candidates) =>
        RolloutPlanner.Plan(
            new PlanRequest(new EnvironmentName("production"), Plans.New, policy, ["SKU-1"]),
            candidates
        );

    private static string Text(RolloutPlan plan)
    {
        var writer = new StringWriter();
        PlanCommand.Write(PlanDocumentMapping.View(plan), writer);
        return writer.ToString();
    }

    private static string Json(RolloutPlan plan) =>
        JsonSerializer.Serialize(PlanDocumentMapping.View(plan), ApiJson.Indented) + "\n";
}
