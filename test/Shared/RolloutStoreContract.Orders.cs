using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.TestKit;

/// <summary>What a person may order: abort, resume, supersede.</summary>
public abstract partial class RolloutStoreContract
{
    private static readonly OperatorCommand Order = new(new RolloutId("r-1"), "os/0", "wrong day", Plans.Start);

    [Fact]
    public async Task An_aborted_rollout_begins_nothing_more_and_takes_back_what_has_not_begun_to_open()
    {
        var store = await StartedAsync(tenants: 3);
        await RecordAsync(store, (await ClaimAsync(store))!, new StepOutcome.Done("ready"));

        var aborted = Assert.IsType<AbortResult.Aborted>(await store.AbortAsync(Order, Cancel));

        Assert.Equal(("t1", 2), (Assert.Single(aborted.GoingBack).Value, aborted.Untouched));
        Assert.Equal(["swap-back", "drop-copy", "unfence", "reopen", "clean-up"], await GoOnAsync(store));
        var finish = Assert.IsType<RolloutDecision.Finish>(await DecideAsync(store));
        Assert.Equal((RolloutOutcome.RolledBack, "aborted by os/0: wrong day"), (finish.Outcome, finish.Reason));
        Assert.Null(await DecideAsync(store));
    }

    [Fact]
    public async Task A_step_that_is_carried_out_is_taken_from_its_owner_and_the_way_back_waits_for_its_lease()
    {
        var store = await StartedAsync(tenants: 1);
        var first = await ClaimAsync(store);

        await store.AbortAsync(Order, Cancel);

        Assert.False(await store.RenewAsync(first!, Lease, Cancel));
        Assert.False(await RecordAsync(store, first!, new StepOutcome.Done("late")));
        Assert.Null(await ClaimAsync(store, "second"));
        await ExpireLeasesAsync();
        var back = await ClaimAsync(store, "second");
        Assert.Equal("swap-back", back?.Upgrade.Next?.Kind);
        Assert.True(back!.Epoch > first!.Epoch);
    }

    [Fact]
    public async Task Whoever_carried_out_the_step_may_let_go_of_it_and_of_nothing_that_was_claimed_since()
    {
        var store = await StartedAsync(tenants: 1);
        var first = await ClaimAsync(store);
        await store.LetGoAsync(first!, Cancel);
        Assert.Null(await ClaimAsync(store));
        await store.AbortAsync(Order, Cancel);

        await store.LetGoAsync(first!, Cancel);
        var back = await ClaimAsync(store);
        await store.LetGoAsync(first!, Cancel);

        Assert.Equal("swap-back", back?.Upgrade.Next?.Kind);
        Assert.Null(await ClaimAsync(store));
        Assert.True(await RecordAsync(store, back!, new StepOutcome.Done("done")));
    }

    [Fact]
    public async Task A_tenant_that_has_begun_to_open_ends_on_the_release_although_the_rollout_is_aborted()
    {
        var store = await StartedAsync(tenants: 2);
        var opening = await ClaimUntilAsync<Open>(store);

        var aborted = Assert.IsType<AbortResult.Aborted>(await store.AbortAsync(Order, Cancel));

        Assert.Equal("t1", Assert.Single(aborted.Finishing).Value);
        Assert.True(await RecordAsync(store, opening, new StepOutcome.Done("open")));
        Assert.Equal(["bake", "retire"], await GoOnAsync(store));
        Assert.Equal(RolloutOutcome.Halted, Assert.IsType<RolloutDecision.Finish>(await DecideAsync(store)).Outcome);
    }

    [Fact]
    public async Task An_attempt_to_open_that_has_to_be_repeated_is_not_taken_back()
    {
        var store = await StartedAsync(tenants: 1);
        var opening = await ClaimUntilAsync<Open>(store);
        await RecordAsync(store, opening, new StepOutcome.Unknown("the gateway did not answer"));

        Assert.Equal(
            "t1",
            Assert.Single(Assert.IsType<AbortResult.Aborted>(await store.AbortAsync(Order, Cancel)).Asking).Value
        );
        var resumed = Assert.IsType<ResumeResult.Resumed>(await store.ResumeAsync(Order, null, Cancel));

        Assert.Equal(
            new ResumedTenant(new TenantName("t1"), IsGoingBack: false, "open"),
            Assert.Single(resumed.Tenants)
        );
    }

    [Fact]
    public async Task Aborting_again_changes_nothing_and_an_ended_rollout_cannot_be_aborted()
    {
        var store = await StartedAsync(tenants: 2);
        var first = Assert.IsType<AbortResult.Aborted>(await store.AbortAsync(Order, Cancel));
        var again = Assert.IsType<AbortResult.Aborted>(
            await store.AbortAsync(Order with { Actor = "os/1", Reason = "other" }, Cancel)
        );
        await GoOnAsync(store);

        Assert.Equal(first.GoingBack, again.GoingBack);
        Assert.Equal(first.Untouched, again.Untouched);
        Assert.Equal(
            "aborted by os/0: wrong day",
            Assert.IsType<RolloutDecision.Finish>(await DecideAsync(store)).Reason
        );
        Assert.IsType<AbortResult.Aborted>(await store.AbortAsync(Order, Cancel));
        Assert.IsType<AbortResult.UnknownRollout>(
            await store.AbortAsync(Order with { Rollout = new RolloutId("r-9") }, Cancel)
        );

        await CompleteAsync(store, "r-2");
        Assert.Equal(
            new AbortResult.HasEnded(RolloutOutcome.Completed),
            await store.AbortAsync(Order with { Rollout = new RolloutId("r-2") }, Cancel)
        );
    }

    [Fact]
    public async Task A_decision_made_before_the_abort_is_not_applied_after_it()
    {
        var store = await EmptyStoreAsync();
        await store.StartAsync(Plans.Rollout(Plans.Of(2)), Cancel);
        var early = await store.ClaimRolloutAsync(NewClaim("first", Plans.Start), Cancel);

        await store.AbortAsync(Order, Cancel);

        Assert.False(await store.ApplyAsync(early!, RolloutDecider.Next(early!.Summary), Plans.Start, Cancel));
        Assert.Null(await ClaimAsync(store));
        Assert.Equal(
            RolloutOutcome.RolledBack,
            Assert.IsType<RolloutDecision.Finish>(await DecideAsync(store)).Outcome
        );
    }

    [Theory]
    [InlineData(false, "start-generation")]
    [InlineData(true, "swap-back")]
    public async Task A_tenant_that_asks_goes_on_where_it_stood_or_back_when_the_rollout_was_aborted(
        bool isAborted,
        string next
    )
    {
        var store = await StartedAsync(tenants: 1);
        await RecordAsync(store, (await ClaimAsync(store))!, new StepOutcome.Done("ready"));
        await RecordAsync(store, (await ClaimAsync(store))!, new StepOutcome.Unknown("nobody knows"));
        Assert.Null(await ClaimAsync(store));
        if (isAborted)
        {
            await store.AbortAsync(Order, Cancel);
            Assert.Null(await ClaimAsync(store));
        }

        var resumed = Assert.IsType<ResumeResult.Resumed>(await store.ResumeAsync(Order, new TenantName("t1"), Cancel));

        Assert.Equal(new ResumedTenant(new TenantName("t1"), isAborted, next), Assert.Single(resumed.Tenants));
        Assert.Equal(next, (await ClaimAsync(store))?.Upgrade.Next?.Kind);
    }

    [Fact]
    public async Task Resuming_what_does_not_ask_changes_nothing()
    {
        var store = await StartedAsync(tenants: 1);

        Assert.Empty(Assert.IsType<ResumeResult.Resumed>(await store.ResumeAsync(Order, null, Cancel)).Tenants);
        Assert.IsType<ResumeResult.UnknownTenant>(await store.ResumeAsync(Order, new TenantName("t9"), Cancel));
        Assert.IsType<ResumeResult.UnknownRollout>(
            await store.ResumeAsync(Order with { Rollout = new RolloutId("r-9") }, null, Cancel)
        );
        await GoOnAsync(store);
        await DecideAsync(store);
        Assert.Equal(new ResumeResult.HasEnded(RolloutOutcome.Completed), await store.ResumeAsync(Order, null, Cancel));
    }

    [Fact]
    public async Task A_superseded_rollout_ends_its_running_tenants_and_leaves_the_rest_to_the_newer_one()
    {
        var store = await StartedAsync(tenants: 2);
        var rest = RolloutPlanner.Plan(
            new PlanRequest(Plans.Of(1).Environment, Plans.New, new RolloutPolicy(), []),
            [Plans.Candidate(1, busyWith: new RolloutId("r-1")), Plans.Candidate(2)]
        );
        Assert.Equal("t1", Assert.Single(rest.Excluded, exclusion => exclusion.IsBusy).Tenant.Value);

        Assert.IsType<StartRolloutResult.Started>(
            await store.StartAsync(Plans.Rollout(rest, "r-2", supersede: true), Cancel)
        );

        await GoOnAsync(store);
        RolloutDecision? older = null;
        while (await DecideAsync(store) is { } decision)
        {
            older = decision is RolloutDecision.Finish { Reason: not null } ? decision : older;
            await GoOnAsync(store);
        }

        Assert.Equal(new RolloutDecision.Finish(RolloutOutcome.Halted, "superseded by rollout r-2"), older);
    }

    [Fact]
    public async Task A_halted_rollout_is_followed_by_a_newer_one_without_more_ado()
    {
        var store = await StartedAsync(tenants: 2);
        await RecordAsync(store, (await ClaimAsync(store))!, new StepOutcome.Failed("bad prices"));
        await GoOnAsync(store);
        while (await DecideAsync(store) is not (null or RolloutDecision.Finish)) { }

        await CompleteAsync(store, "r-2");
    }

    /// <summary>Every step that is due succeeds; their kinds.</summary>
    private static async Task<List<string>> GoOnAsync(IRolloutStore store)
    {
        var seen = new List<string>();
        while (await ClaimAsync(store) is { } claimed)
        {
            seen.Add(claimed.Upgrade.Next!.Kind);
            await RecordAsync(store, claimed, new StepOutcome.Done("done"));
        }

        return seen;
    }

    private static async Task<ClaimedUpgrade> ClaimUntilAsync<TStep>(IRolloutStore store)
        where TStep : Step
    {
        while (await ClaimAsync(store) is { } claimed)
        {
            if (claimed.Upgrade.Next is TStep)
            {
                return claimed;
            }

            await RecordAsync(store, claimed, new StepOutcome.Done("done"));
        }

        throw new InvalidOperationException($"No upgrade came to {typeof(TStep).Name}.");
    }

    private static async Task CompleteAsync(IRolloutStore store, string rollout)
    {
        Assert.IsType<StartRolloutResult.Started>(await store.StartAsync(Plans.Rollout(Plans.Of(1), rollout), Cancel));
        await DecideAsync(store);
        await GoOnAsync(store);
        Assert.Equal(RolloutOutcome.Completed, Assert.IsType<RolloutDecision.Finish>(await DecideAsync(store)).Outcome);
    }
}
