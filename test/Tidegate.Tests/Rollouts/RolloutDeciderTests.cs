using CsCheck;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Tests.Rollouts;

public sealed class RolloutDeciderTests
{
    private static readonly WaveSummary Empty = new(1, 0, 0, 0, 0, 0, 0, 0);

    [Fact]
    public void A_wave_begins_when_the_one_before_has_ended_well()
    {
        Assert.Equal(
            new RolloutDecision.Wait(),
            Decide(Empty with { Running = 1 }, Empty with { Number = 2, Pending = 4 })
        );
        Assert.Equal(
            new RolloutDecision.Start(2, 2),
            Decide(Empty with { Completed = 1 }, Empty with { Number = 2, Pending = 4 })
        );
    }

    [Fact]
    public void A_failed_canary_stops_the_rollout_with_its_reason()
    {
        var decision = Decide(Empty with { RolledBack = 1 }, Empty with { Number = 2, Pending = 4 });

        Assert.Equal(new RolloutDecision.Stop("t1: bad prices"), decision);
    }

    [Fact]
    public void Within_the_failure_budget_the_next_tenants_go_on()
    {
        var waves = new[] { Empty with { Completed = 3, RolledBack = 1 }, Empty with { Number = 2, Pending = 4 } };

        Assert.IsType<RolloutDecision.Start>(Decide(new RolloutPolicy { FailureBudget = 1 }, waves));
        Assert.IsType<RolloutDecision.Stop>(Decide(new RolloutPolicy { FailureBudget = 0 }, waves));
    }

    [Fact]
    public void A_wave_in_which_no_tenant_got_through_proves_nothing()
    {
        Assert.IsType<RolloutDecision.Stop>(Decide(Empty with { PutOff = 1 }, Empty with { Number = 2, Pending = 4 }));
    }

    [Theory]
    [InlineData(5, 0, 0, 0, RolloutOutcome.Completed)]
    [InlineData(4, 0, 1, 0, RolloutOutcome.CompletedWithExceptions)]
    [InlineData(4, 1, 0, 0, RolloutOutcome.CompletedWithExceptions)]
    [InlineData(1, 1, 0, 3, RolloutOutcome.Halted)]
    [InlineData(0, 1, 0, 4, RolloutOutcome.RolledBack)]
    [InlineData(0, 0, 1, 4, RolloutOutcome.RolledBack)]
    public void A_rollout_has_four_endings(
        int completed,
        int rolledBack,
        int putOff,
        int untouched,
        RolloutOutcome expected
    )
    {
        var wave = Empty with
        {
            Completed = completed,
            RolledBack = rolledBack,
            PutOff = putOff,
            Untouched = untouched,
        };

        Assert.Equal(expected, Assert.IsType<RolloutDecision.Finish>(Decide(wave)).Outcome);
    }

    [Fact]
    public void Nothing_begins_beyond_the_concurrency_and_nothing_finishes_while_a_tenant_runs()
    {
        var count = Gen.Int[0, 6];
        Gen.Select(count, count, count, count, count, Gen.Int[1, 4])
            .Array[1, 4]
            .Sample(numbers =>
            {
                var waves = numbers
                    .Select((n, index) => new WaveSummary(index + 1, n.Item1, n.Item2, n.Item3, 0, n.Item4, n.Item5, 0))
                    .ToArray();
                var concurrency = numbers[0].Item6;
                var running = waves.Sum(wave => wave.Running);

                switch (Decide(new RolloutPolicy { Concurrency = concurrency, FailureBudget = 2 }, waves))
                {
                    case RolloutDecision.Start start:
                        Assert.InRange(running + start.Tenants, 1, concurrency);
                        Assert.All(waves.Where(wave => wave.Number < start.Wave), wave => Assert.True(wave.HasEnded));
                        break;
                    case RolloutDecision.Finish:
                        Assert.All(waves, wave => Assert.True(wave.HasEnded));
                        break;
                    case RolloutDecision.Wait:
                        Assert.True(running > 0, "waits for nobody");
                        break;
                    default:
                        Assert.Contains(waves, wave => wave.Pending > 0);
                        break;
                }
            });
    }

    private static RolloutDecision Decide(params WaveSummary[] waves) => Decide(new RolloutPolicy(), waves);

    private static RolloutDecision Decide(RolloutPolicy policy, params WaveSummary[] waves) =>
        RolloutDecider.Next(
            new RolloutSummary(
                new RolloutId("r-1"),
                policy,
                [.. waves],
                Ordered: null,
                waves.Any(wave => wave.RolledBack + wave.PutOff > 0) ? "t1: bad prices" : null
            )
        );
}
