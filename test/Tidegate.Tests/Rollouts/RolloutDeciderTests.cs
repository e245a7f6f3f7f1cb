using CsCheck;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Tests.Rollouts;

public sealed class RolloutDeciderTests
{
    private static readonly WaveSummary Empty = new(1, [], 0, 0, 0, 0, 0);

    private static readonly SiteName Local = new("local");
    private static readonly SiteName Oslo = new("oslo");

    [Fact]
    public void A_wave_begins_when_the_one_before_has_ended_well()
    {
        Assert.Equal(new RolloutDecision.Wait(), Decide(Open(1, running: 1), Open(2, pending: 4)));
        var start = Assert.IsType<RolloutDecision.Start>(Decide(Empty with { Completed = 1 }, Open(2, pending: 4)));
        Assert.Equal((2, 2), (start.Wave, start.Tenants));
    }

    [Fact]
    public void A_failed_canary_stops_the_rollout_with_its_reason()
    {
        var decision = Decide(Empty with { RolledBack = 1 }, Open(2, pending: 4));

        Assert.Equal(new RolloutDecision.Stop("t1: bad prices"), decision);
    }

    [Fact]
    public void Within_the_failure_budget_the_next_tenants_go_on()
    {
        var waves = new[] { Empty with { Completed = 3, RolledBack = 1 }, Open(2, pending: 4) };

        Assert.IsType<RolloutDecision.Start>(Decide(new RolloutPolicy { FailureBudget = 1 }, waves));
        Assert.IsType<RolloutDecision.Stop>(Decide(new RolloutPolicy { FailureBudget = 0 }, waves));
    }

    [Fact]
    public void A_wave_in_which_no_tenant_got_through_proves_nothing()
    {
        Assert.IsType<RolloutDecision.Stop>(Decide(Empty with { PutOff = 1 }, Open(2, pending: 4)));
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
        var site = Gen.Select(count, count);
        Gen.Select(site, site, count, count, count, Gen.Int[1, 4])
            .Array[1, 4]
            .Sample(numbers =>
            {
                var waves = numbers
                    .Select(
                        (n, index) =>
                            new WaveSummary(
                                index + 1,
                                [new(Local, n.Item1.Item1, n.Item1.Item2), new(Oslo, n.Item2.Item1, n.Item2.Item2)],
                                n.Item3,
                                0,
                                n.Item4,
                                n.Item5,
                                0
                            )
                    )
                    .ToArray();
                var concurrency = numbers[0].Item6;
                var running = waves.Sum(wave => wave.Running);

                switch (Decide(new RolloutPolicy { Concurrency = concurrency, FailureBudget = 2 }, waves))
                {
                    case RolloutDecision.Start start:
                        Assert.All(
                            start.Sites,
                            begun =>
                            {
                                var open = waves[start.Wave - 1].Open.Single(site => site.Site == begun.Site);
                                Assert.InRange(begun.Tenants, 1, Math.Min(open.Pending, concurrency - open.Running));
                            }
                        );
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

    [Fact]
    public void A_site_whose_tenants_all_stand_still_does_not_keep_another_from_its_own()
    {
        var wave = Empty with { Open = [new(Local, Pending: 3, Running: 0), new(Oslo, Pending: 3, Running: 2)] };

        var start = Assert.IsType<RolloutDecision.Start>(Decide(new RolloutPolicy { Concurrency = 2 }, wave));

        Assert.Equal([new StartOnSite(Local, 2)], start.Sites);
    }

    private static WaveSummary Open(int number, int pending = 0, int running = 0) =>
        Empty with
        {
            Number = number,
            Open = [new(Local, pending, running)],
        };

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
