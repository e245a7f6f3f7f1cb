using CsCheck;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.TestKit;

namespace Tidegate.Tests.Rollouts;

public sealed class UpgradeDeciderTests
{
    private static readonly Gen<Attempt> AnyAttempt = Gen.Frequency(
        (6, Gen.Const<Attempt>(new Attempt.Returned(new StepOutcome.Done("done")))),
        (1, Gen.Const<Attempt>(new Attempt.Returned(new StepOutcome.Failed("bad", "evidence/log")))),
        (1, Gen.Const<Attempt>(new Attempt.Returned(new StepOutcome.PutOff("busy")))),
        (1, Gen.Const<Attempt>(new Attempt.Returned(new StepOutcome.NotYet(TimeSpan.FromSeconds(1), "wait")))),
        (1, Gen.Const<Attempt>(new Attempt.Threw("broken")))
    );

    [Fact]
    public void Whatever_happens_a_tenant_ends_on_one_release_or_is_still_on_its_way()
    {
        AnyAttempt
            .List[0, 80]
            .Sample(attempts =>
            {
                var upgrade = Run(Begun(), attempts);

                Assert.Equal(upgrade.State is UpgradeState.Ended, upgrade.Next is null);
                Assert.True(upgrade.State is not UpgradeState.Back || upgrade.Ending is not null);
            });
    }

    [Fact]
    public void From_the_intent_to_open_nothing_leads_back()
    {
        AnyAttempt
            .List[0, 60]
            .Sample(attempts =>
            {
                var opening = Begun() with { Position = OpenPosition() };

                Assert.NotEqual(UpgradeState.Back, Run(opening, attempts).State);
            });
    }

    [Fact]
    public void The_way_back_always_ends_and_keeps_the_first_reason()
    {
        AnyAttempt
            .List[0, 60]
            .Sample(attempts =>
            {
                var back = After(Begun(), new StepOutcome.Failed("bad prices", "evidence/prices"));
                var upgrade = Run(back, attempts);
                while (upgrade.Next is not null)
                {
                    upgrade = After(upgrade, new StepOutcome.Done("done"));
                }

                Assert.Equal(UpgradeEnding.RolledBack, upgrade.Ending);
                Assert.Equal("bad prices", upgrade.Reason);
                Assert.Equal("evidence/prices", upgrade.Evidence);
            });
    }

    [Fact]
    public void A_step_that_throws_three_times_has_failed()
    {
        var upgrade = Run(Begun(), [new Attempt.Threw("a"), new Attempt.Threw("b")]);
        Assert.Equal((UpgradeState.Forward, 2), (upgrade.State, upgrade.Attempts));

        upgrade = Run(upgrade, [new Attempt.Threw("c")]);

        Assert.Equal((UpgradeState.Back, "c"), (upgrade.State, upgrade.Reason));
    }

    [Fact]
    public void A_busy_tenant_is_put_off_and_not_counted_as_failed()
    {
        var upgrade = After(Begun(), new StepOutcome.PutOff("a cron job runs since 10 minutes"));
        while (upgrade.Next is not null)
        {
            upgrade = After(upgrade, new StepOutcome.Done("done"));
        }

        Assert.Equal(UpgradeEnding.PutOff, upgrade.Ending);
    }

    [Fact]
    public void What_goes_wrong_after_opening_is_reported_and_not_undone()
    {
        var baking = Begun() with { Position = OpenPosition() + 1 };

        var upgrade = After(baking, new StepOutcome.Failed("errors doubled"));
        upgrade = After(upgrade, new StepOutcome.Done("done"));

        Assert.Equal(
            (UpgradeState.Ended, UpgradeEnding.CompletedWithException, "errors doubled"),
            (upgrade.State, upgrade.Ending, upgrade.Reason)
        );
    }

    [Fact]
    public void An_unknown_outcome_asks_a_person_and_nothing_runs_meanwhile()
    {
        var upgrade = After(Begun(), new StepOutcome.Unknown("this control plane is old"));

        Assert.Equal(UpgradeState.Asking, upgrade.State);
        Assert.Null(upgrade.Next);
    }

    [Fact]
    public void A_resumed_tenant_goes_on_in_its_direction_also_on_the_way_back()
    {
        var back = After(After(Begun(), new StepOutcome.Failed("bad prices")), new StepOutcome.Done("swapped back"));
        var asking = After(back, new StepOutcome.Unknown("whose copy is this?"));

        var resumed = UpgradeDecider.Resume(asking, hasBegunToOpen: false, aborted: null, Plans.Start);

        Assert.Equal((UpgradeState.Back, back.Position), (resumed.State, resumed.Position));
        Assert.Equal(asking.Place, resumed.Next);
    }

    [Fact]
    public void What_an_abort_does_depends_on_the_intent_to_open_alone()
    {
        AnyAttempt
            .List[0, 60]
            .Sample(attempts =>
            {
                var upgrade = Run(Begun(), attempts);

                Assert.Equal(upgrade, UpgradeDecider.Abort(upgrade, hasBegunToOpen: true, "aborted", Plans.Start));
                var aborted = UpgradeDecider.Abort(upgrade, hasBegunToOpen: false, "aborted", Plans.Start);
                Assert.NotEqual(UpgradeState.Forward, aborted.State);
                Assert.Equal(aborted, UpgradeDecider.Abort(aborted, hasBegunToOpen: false, "again", Plans.Start));
            });
    }

    private static Upgrade Begun()
    {
        var plan = Plans.Of(1).Waves[0].Tenants[0];
        var pending = new Upgrade(
            new UpgradeId("u-00000001"),
            new RolloutId("r-1"),
            plan.Target,
            plan.Steps,
            plan.Back,
            UpgradeState.Pending,
            Position: 0,
            Attempts: 0,
            DueAt: Plans.Start,
            Ending: null,
            Reason: null,
            Evidence: null
        );
        return UpgradeDecider.Begin(pending, Plans.Start);
    }

    private static int OpenPosition() => Begun().Steps.ToList().FindIndex(step => step is Open);

    private static Upgrade After(Upgrade upgrade, StepOutcome outcome) => Run(upgrade, [new Attempt.Returned(outcome)]);

    private static Upgrade Run(Upgrade upgrade, IEnumerable<Attempt> attempts)
    {
        foreach (var attempt in attempts)
        {
            if (upgrade.Next is null)
            {
                break;
            }

            upgrade = UpgradeDecider.After(upgrade, attempt, Plans.Start);
        }

        return upgrade;
    }
}
