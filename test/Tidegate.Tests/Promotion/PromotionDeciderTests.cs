using System.Collections.Immutable;
using CsCheck;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion;
using Tidegate.ControlPlane.Promotion.Facts;
using Tidegate.ControlPlane.Promotion.Gates;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.TestKit;

namespace Tidegate.Tests.Promotion;

public sealed class PromotionDeciderTests
{
    private static readonly DateTimeOffset Later = Asked.Noon + Asked.Day;

    [Fact]
    public void A_plan_that_comes_to_the_same_is_made_less_often_each_time_and_when_something_ends()
    {
        ImmutableArray<AskedGate> missing = [new(GateAnswer.Fail("approved", new GateReason("c", "w", "cl", "n")))];
        DateTimeOffset? last = null;
        var (now, pauses) = (Asked.Noon, new List<double>());
        for (var round = 0; round < 6; round++)
        {
            var wake = PromotionDecider.WakeAfterPlan(missing, last, now);
            pauses.Add((wake - now).TotalSeconds);
            (last, now) = (now, wake);
        }

        Assert.Equal([10, 20, 40, 60, 60, 60], pauses);
        var ends = now.AddSeconds(7);
        ImmutableArray<AskedGate> frozen =
        [
            .. missing,
            new(GateAnswer.Fail("window", new GateReason("frozen", "w", "cl", "n", ends))),
        ];
        Assert.Equal(ends, PromotionDecider.WakeAfterPlan(frozen, last, now));
        Assert.Equal(now + PromotionDecider.AfterPlan, PromotionDecider.WakeAfterPlan(missing, last: null, now));
    }

    [Fact]
    public void Work_starts_at_the_instant_at_which_its_last_gate_passes_and_not_before()
    {
        var early = Assert.IsType<PromotionDecision.Wait>(
            PromotionDecider.Next(Asked.Facts, Later - TimeSpan.FromSeconds(1))
        );

        Assert.Equal(Later, early.Wake);
        Assert.IsType<PromotionDecision.Start>(PromotionDecider.Next(Asked.Facts, Later));
    }

    [Fact]
    public void A_rollout_is_started_with_the_rules_of_the_policy()
    {
        var rules = new RolloutRules(WaveSizes: [1, 5, 0], BakeSeconds: 1800);
        var facts = Asked.Under(EnvironmentPolicy.Default with { Rollout = rules, WhenBusy = BusyMode.Supersede }) with
        {
            Running = new RunningRollout(new RolloutId("r-3"), Plans.Old),
            Question = Asked.Facts.Question with { Order = Asked.Order with { Older = true } },
        };

        var start = Assert.IsType<PromotionDecision.Start>(PromotionDecider.Next(facts, Later));

        Assert.Equal(new PlanRollout("2026.11.2", "production", rules, Supersede: true, Older: true), start.Request);
    }

    [Fact]
    public void Where_every_tenant_runs_the_release_there_is_nothing_to_do()
    {
        var all = Asked.Facts with { Here = Asked.Facts.Here with { OnRelease = 5 } };

        Assert.IsType<PromotionDecision.Done>(PromotionDecider.Next(all, Asked.Noon));
        Assert.IsType<PromotionDecision.Wait>(
            PromotionDecider.Next(all with { Running = new(new RolloutId("r-3"), Plans.Old) }, Later)
        );
        Assert.IsType<PromotionDecision.Wait>(PromotionDecider.Next(all with { Here = EnvironmentState.Empty }, Later));
    }

    [Fact]
    public void What_clears_itself_is_looked_at_soon_what_a_person_clears_later_and_what_time_clears_now_and_then()
    {
        var soaking = Wait(Asked.Facts, Asked.Noon);
        var busy = Wait(Asked.Facts with { Running = new(new RolloutId("r-3"), Plans.Old) }, Asked.Noon);
        var held = Wait(Asked.Facts with { Hold = Asked.Hold }, Asked.Noon);

        Assert.Equal(Asked.Noon + PromotionDecider.Latest, soaking.Wake);
        Assert.Equal(Asked.Noon + PromotionDecider.Soon, busy.Wake);
        Assert.Equal(Asked.Noon + PromotionDecider.Later, held.Wake);
    }

    [Fact]
    public void It_never_starts_while_a_gate_does_not_let_through() =>
        Worlds.Sample(
            (facts, seconds) =>
            {
                var now = Asked.Noon.AddSeconds(seconds);
                var gates = PromotionGates.Ask(facts, now);
                switch (PromotionDecider.Next(facts, now))
                {
                    case PromotionDecision.Start start:
                        Assert.All(gates, gate => Assert.True(gate.LetsThrough));
                        Assert.All(gates, gate => Assert.True(gate.IsReport || gate.Answer.Reasons.IsEmpty));
                        Assert.Equal(facts.Registered!.Ref, facts.Release);
                        Assert.Equal(facts.Release.Name, start.Request.Release);
                        break;
                    case PromotionDecision.Wait wait:
                        Assert.Contains(wait.Gates, gate => !gate.LetsThrough);
                        Assert.InRange(wait.Wake, now.AddTicks(1), now + PromotionDecider.Latest);
                        break;
                    default:
                        Assert.True(facts.Here.Tenants > 0 && facts.Here.OnRelease == facts.Here.Tenants);
                        break;
                }
            }
        );

    [Fact]
    public void With_the_same_facts_what_may_start_now_may_start_later() =>
        Gen.Select(Worlds, Gen.Int[0, 400_000])
            .Sample(
                (world, more) =>
                {
                    var (facts, seconds) = world;
                    var now = Asked.Noon.AddSeconds(seconds);
                    if (PromotionDecider.Next(facts, now) is PromotionDecision.Start)
                    {
                        Assert.IsType<PromotionDecision.Start>(PromotionDecider.Next(facts, now.AddSeconds(more)));
                    }
                }
            );

    [Fact]
    public void Whoever_asks_at_every_wake_up_starts_at_the_very_instant_at_which_the_soak_ends() =>
        Gen.Select(Gen.Int[1, 200_000], Gen.Int[0, 1000], Gen.Int[0, 1000])
            .Sample(
                (soak, since, begin) =>
                {
                    var facts = Asked.Facts with
                    {
                        Terms = Asked.Terms with { Soak = TimeSpan.FromSeconds(soak) },
                        Upstream = [Asked.Verified with { Since = Asked.Noon.AddSeconds(since) }],
                    };
                    var now = Asked.Noon.AddSeconds(begin);
                    while (PromotionDecider.Next(facts, now) is PromotionDecision.Wait wait)
                    {
                        now = wait.Wake;
                    }

                    Assert.Equal(Asked.Noon.AddSeconds(Math.Max(begin, since + soak)), now);
                },
                iter: 200
            );

    private static PromotionDecision.Wait Wait(PromotionFacts facts, DateTimeOffset now) =>
        Assert.IsType<PromotionDecision.Wait>(PromotionDecider.Next(facts, now));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static Gen<GateAnswer?> Answers(string gate) =>
        OneOf<GateAnswer?>(
            null,
            GateAnswer.Pass(gate),
            GateAnswer.Pass(gate),
            GateAnswer.Fail(gate, new GateReason("x", "x", "x", "x")),
            GateAnswer.Inconclusive(gate, new GateReason("x", "x", "x", "x"))
        );

    private static Gen<EnvironmentPolicy> Policies =>
        from start in OneOf(StartMode.Automatic, StartMode.Automatic, StartMode.Manual)
        from busy in OneOf(BusyMode.Wait, BusyMode.Supersede)
        from validation in OneOf(GateDemand.Off, GateDemand.Required)
        from configuration in OneOf(GateDemand.Off, GateDemand.Required)
        from parity in OneOf(GateDemand.Off, GateDemand.Report, GateDemand.Required)
        select EnvironmentPolicy.Default with
        {
            Start = start,
            WhenBusy = busy,
            Gates = new()
            {
                Validation = validation,
                Configuration = configuration,
                Parity = parity,
            },
        };

    private static Gen<UpstreamState> Upstreams =>
        from tenants in OneOf(2, 2, 2, 0)
        from elsewhere in OneOf(0, 0, 0, 1)
        from proven in OneOf(2, 2, 1, 0)
        from unhealthy in OneOf(0, 0, 0, 1)
        from changed in OneOf(false, false, false, true)
        from since in Gen.Int[0, 100_000]
        let tenant = new TenantName("shop-test")
        select Asked.Verified with
        {
            Tenants = tenants,
            Elsewhere = elsewhere,
            ElsewhereExample = elsewhere > 0 ? new(tenant, "2026.11.1") : null,
            Proven = proven,
            Unhealthy = unhealthy,
            UnhealthyExample = unhealthy > 0 ? (tenant, new RolloutId("r-3")) : null,
            ChangedBy = changed ? new RolloutId("r-4") : null,
            Since = proven > 0 ? Asked.Noon.AddSeconds(since) : null,
        };

    private static Gen<(PromotionFacts Facts, int Seconds)> Worlds =>
        from policy in Policies
        from upstream in Upstreams.Array[0, 2]
        from soak in Gen.Int[0, 100_000]
        from registered in OneOf(
            Asked.Judged(0),
            Asked.Judged(0),
            Asked.Judged(2),
            Asked.Release,
            null,
            Asked.Release with
            {
                Ref = new("2026.11.2", Plans.Digest('9')),
            }
        )
        from here in Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3])
        from running in OneOf<RunningRollout?>(
            null,
            null,
            new(new RolloutId("r-3"), Plans.Old),
            new(new RolloutId("r-3"), Plans.New)
        )
        from hold in OneOf<PromotionHold?>(null, null, null, Asked.Hold)
        from order in OneOf<StartOrder?>(null, Asked.Order)
        from configuration in Answers("configuration")
        from parity in Answers("parity")
        from seconds in Gen.Int[0, 300_000]
        select (
            new PromotionFacts(
                Asked.Facts.Question with
                {
                    Order = order,
                },
                Asked.Terms with
                {
                    Policy = policy,
                    Soak = TimeSpan.FromSeconds(soak),
                    Upstream = [.. upstream.Select(each => each.Environment)],
                },
                registered,
                Validation: null,
                Capability: null,
                new EnvironmentState(here.Item1, Math.Min(here.Item1, here.Item2), 0, null, null),
                [.. upstream],
                hold,
                running
            )
            {
                Configuration = configuration,
                Parity = parity,
            },
            seconds
        );
}
