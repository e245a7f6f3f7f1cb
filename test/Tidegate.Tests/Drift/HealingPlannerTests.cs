using System.Collections.Immutable;
using CsCheck;
using Tidegate.ControlPlane.Drift;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Tests.Drift;

public sealed class HealingPlannerTests
{
    private static readonly ImmutableArray<FleetMember> Three = DriftSample.Fleet(3);
    private static readonly DriftSubject Shared = DriftSubject.Of(new("shared"), DriftSample.Release.Digest);

    [Fact]
    public void A_tenant_gets_the_steps_that_its_differences_need_in_their_order()
    {
        var plan = Plan([
            Of("t2", DriftCode.RouteHosts),
            Of("t2", DriftCode.RightExtra),
            Of("t2", DriftCode.RightMissing),
        ]);

        var tenant = Assert.Single(Assert.Single(plan.Plans).Waves[0].Tenants);
        Assert.Equal(["restore-rights", "restore-route"], tenant.Steps.Select(step => step.Kind));
        Assert.Empty(tenant.Back);
        Assert.Equal(tenant.Target.From, tenant.Target.To);
    }

    [Fact]
    public void A_generation_is_started_anew_once_by_the_first_of_its_tenants()
    {
        var plan = Plan([
            new(Shared, DriftSample.Production, DriftCode.GenerationOption, "workers", "2", "9"),
            new(Shared, DriftSample.Production, DriftCode.GenerationStale, "web", "a", "b"),
            Of("t3", DriftCode.RightExtra),
        ]);

        Assert.Equal(
            ["t1: restart-generation", "t3: restore-rights"],
            plan.Plans[0]
                .Waves[0]
                .Tenants.Select(tenant =>
                    $"{tenant.Target.Tenant}: {string.Join(", ", tenant.Steps.Select(step => step.Kind))}"
                )
        );
        Assert.Equal(["reopen-generation"], plan.Plans[0].Waves[0].Tenants[0].Back.Select(step => step.Kind));
    }

    [Fact]
    public void A_generation_waits_for_a_rollout_of_any_of_its_tenants_and_a_tenant_for_its_own()
    {
        var plan = Plan(
            [
                new(Shared, DriftSample.Production, DriftCode.GenerationOption, "workers", "2", "9"),
                Of("t1", DriftCode.RightExtra),
                Of("t3", DriftCode.RightExtra),
            ],
            "t3"
        );

        Assert.Equal("t1", Assert.Single(plan.Plans[0].Waves[0].Tenants).Target.Tenant.Value);
        Assert.Equal(
            ["generation-option", "right-extra"],
            plan.Left.Select(left => left.Code.Name).Order(StringComparer.Ordinal)
        );
        Assert.All(plan.Left, left => Assert.True(left.IsWaiting));
    }

    [Fact]
    public void What_only_a_person_can_mend_is_left_with_what_to_do()
    {
        var plan = Plan([Of("t1", DriftCode.ModuleVersion), Of("gone", DriftCode.RightExtra)]);

        Assert.Empty(plan.Plans);
        Assert.Equal(["module-version", "right-extra"], plan.Left.Select(left => left.Code.Name));
        Assert.All(plan.Left, left => Assert.False(left.IsWaiting));
    }

    [Fact]
    public void Every_difference_is_healed_or_left_and_nobody_who_is_busy_is_touched() =>
        Gen.Select(
                Gen.Select(Gen.Int[1, 5], Gen.Int[0, DriftCode.All.Length - 1]).Array[0, 12],
                Gen.Int[1, 3].HashSet[0, 3]
            )
            .Sample(
                (drawn, working) =>
                {
                    var differences = drawn
                        .Select(one => Of($"t{one.Item1}", DriftCode.All[one.Item2]))
                        .ToImmutableArray();
                    var busy = working.Select(number => $"t{number}").ToArray();

                    var plan = Plan(differences, busy);

                    var healed = plan
                        .Plans.SelectMany(rollout => rollout.Waves[0].Tenants)
                        .Select(tenant => tenant.Target.Tenant.Value)
                        .ToList();
                    Assert.Empty(healed.Intersect(busy, StringComparer.Ordinal));
                    Assert.Equal(
                        differences.Length,
                        plan.Left.Length
                            + differences.Count(difference =>
                                difference.Code.IsHealable && healed.Contains(difference.Subject.Name)
                            )
                    );
                }
            );

    private static Difference Of(string tenant, DriftCode code) =>
        new(DriftSubject.Of(new TenantName(tenant)), DriftSample.Production, code, "item", "expected", "found");

    private static HealingPlan Plan(IReadOnlyCollection<Difference> differences, params IEnumerable<string> busy) =>
        HealingPlanner.Plan(differences, Three, busy.Select(name => new TenantName(name)).ToHashSet());
}
