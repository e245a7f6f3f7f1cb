using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.TestKit;

/// <summary>What every rollout store promises, whatever it is made of.</summary>
[Trait("Suite", "conformance")]
public abstract partial class RolloutStoreContract
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract Task<IRolloutStore> EmptyStoreAsync();

    /// <summary>Makes every lease that is held now run out.</summary>
    protected abstract Task ExpireLeasesAsync();

    [Fact]
    public async Task The_first_wave_begins_and_the_second_waits()
    {
        var store = await StartedAsync(tenants: 3);

        Assert.Equal("t1", (await ClaimAsync(store))?.Upgrade.Target.Tenant.Value);
        Assert.Null(await ClaimAsync(store));
    }

    [Fact]
    public async Task An_upgrade_goes_through_its_steps_in_order()
    {
        var store = await StartedAsync(tenants: 1);

        var seen = new List<string>();
        while (await ClaimAsync(store) is { } claimed)
        {
            seen.Add(claimed.Upgrade.Next!.Kind);
            Assert.True(await RecordAsync(store, claimed, new StepOutcome.Done("done")));
        }

        Assert.Equal(Plans.Of(1).Waves[0].Tenants[0].Steps.Select(step => step.Kind).ToList(), seen);
        Assert.IsType<RolloutDecision.Finish>(await DecideAsync(store));
    }

    [Fact]
    public async Task A_claimed_upgrade_is_nobody_elses_until_its_lease_has_run_out()
    {
        var store = await StartedAsync(tenants: 1);
        var first = await ClaimAsync(store);

        Assert.Null(await ClaimAsync(store, "second"));
        await ExpireLeasesAsync();
        var second = await ClaimAsync(store, "second");

        Assert.NotNull(second);
        Assert.True(second.Epoch > first!.Epoch);
    }

    [Fact]
    public async Task A_record_under_a_lost_lease_stores_nothing()
    {
        var store = await StartedAsync(tenants: 1);
        var first = await ClaimAsync(store);
        await ExpireLeasesAsync();
        var second = await ClaimAsync(store, "second");

        Assert.False(await RecordAsync(store, first!, new StepOutcome.Failed("late")));
        Assert.False(await store.RenewAsync(first!, Lease, Cancel));
        Assert.True(await RecordAsync(store, second!, new StepOutcome.Done("done")));
        Assert.Equal("start-generation", (await ClaimAsync(store))?.Upgrade.Next?.Kind);
    }

    [Fact]
    public async Task Epochs_rise_across_rollouts_of_a_tenant()
    {
        var store = await StartedAsync(tenants: 1);
        var first = await ClaimAsync(store);
        await RecordAsync(store, first!, new StepOutcome.Failed("not ready"));
        while (await ClaimAsync(store) is { } back)
        {
            await RecordAsync(store, back, new StepOutcome.Done("done"));
        }

        await DecideAsync(store);
        await store.StartAsync(Plans.Rollout(Plans.Of(1), "r-2"), Cancel);
        await DecideAsync(store);

        Assert.True((await ClaimAsync(store))!.Epoch > first!.Epoch);
    }

    [Fact]
    public async Task A_step_that_is_not_yet_done_comes_back_when_it_is_due()
    {
        var store = await StartedAsync(tenants: 1);
        var claimed = await ClaimAsync(store);
        await RecordAsync(store, claimed!, new StepOutcome.NotYet(TimeSpan.FromMinutes(1), "cron runs"));

        Assert.Null(await ClaimAsync(store));
        var again = await ClaimAsync(store, now: Plans.Start.AddMinutes(1));

        Assert.Equal(claimed!.StepStartedAt, again?.StepStartedAt);
    }

    [Fact]
    public async Task A_failed_tenant_goes_back_and_the_rest_stays_untouched()
    {
        var store = await StartedAsync(tenants: 3);
        await RecordAsync(store, (await ClaimAsync(store))!, new StepOutcome.Failed("bad prices", "evidence/x"));
        var seen = new List<string>();
        while (await ClaimAsync(store) is { } back)
        {
            seen.Add(back.Upgrade.Next!.Kind);
            await RecordAsync(store, back, new StepOutcome.Done("done"));
        }

        Assert.Equal(["swap-back", "drop-copy", "unfence", "reopen", "clean-up"], seen);
        Assert.IsType<RolloutDecision.Stop>(await DecideAsync(store));
        var finish = Assert.IsType<RolloutDecision.Finish>(await DecideAsync(store));
        Assert.Equal(RolloutOutcome.RolledBack, finish.Outcome);
        Assert.Contains("bad prices", finish.Reason, StringComparison.Ordinal);
        Assert.Null(await DecideAsync(store));
    }

    [Fact]
    public async Task A_second_rollout_in_an_environment_is_refused_and_may_supersede()
    {
        var store = await StartedAsync(tenants: 2);

        var refused = await store.StartAsync(Plans.Rollout(Plans.Of(2), "r-2"), Cancel);
        Assert.Contains("r-1", Assert.IsType<StartRolloutResult.Refused>(refused).Reason, StringComparison.Ordinal);

        // t1 has begun, so a plan that has it cannot start; one without it can.
        var busy = await store.StartAsync(Plans.Rollout(Plans.Of(2), "r-3", supersede: true), Cancel);
        Assert.IsType<StartRolloutResult.Refused>(busy);
        var rest = RolloutPlanner.Plan(
            new PlanRequest(Plans.Of(1).Environment, Plans.New, new RolloutPolicy(), []),
            [Plans.Candidate(1, busyWith: new RolloutId("r-1")), Plans.Candidate(2)]
        );
        Assert.IsType<StartRolloutResult.Started>(
            await store.StartAsync(Plans.Rollout(rest, "r-4", supersede: true), Cancel)
        );
    }

    [Fact]
    public async Task A_tenant_that_ends_while_a_decision_is_made_makes_the_rollout_due_again()
    {
        var store = await StartedAsync(tenants: 1);
        while (await ClaimAsync(store) is { } claimed && claimed.Upgrade.Next is not Retire)
        {
            await RecordAsync(store, claimed, new StepOutcome.Done("done"));
        }

        await ExpireLeasesAsync();
        var last = await ClaimAsync(store);
        await RecordAsync(store, last!, new StepOutcome.Done("done"));
        var early = await store.ClaimRolloutAsync(NewClaim("first", Plans.Start), Cancel);
        await ExpireLeasesAsync();

        Assert.IsType<RolloutDecision.Finish>(await DecideAsync(store));
        Assert.False(await store.ApplyAsync(early!, new RolloutDecision.Wait(), Plans.Start, Cancel));
    }

    [Fact]
    public async Task A_healing_runs_beside_a_rollout_of_its_environment_but_never_of_the_same_tenant()
    {
        var store = await StartedAsync(tenants: 1);

        Assert.IsType<StartRolloutResult.Refused>(await store.StartAsync(Plans.Healing("h-1", 1), Cancel));
        Assert.IsType<StartRolloutResult.Started>(await store.StartAsync(Plans.Healing("h-2", 2), Cancel));
        Assert.IsType<StartRolloutResult.Refused>(await store.StartAsync(Plans.Healing("h-3", 2), Cancel));
    }

    [Fact]
    public async Task A_release_takes_the_place_of_a_healing_that_has_not_begun()
    {
        var store = await EmptyStoreAsync();
        await store.StartAsync(Plans.Healing("h-1", 1, 2), Cancel);

        Assert.IsType<StartRolloutResult.Started>(await store.StartAsync(Plans.Rollout(Plans.Of(1)), Cancel));

        Assert.IsType<RolloutDecision.Start>(await DecideAsync(store));
        Assert.IsType<RolloutDecision.Start>(await DecideAsync(store));
        var claimed = new[] { await ClaimAsync(store), await ClaimAsync(store) };
        Assert.Equal(
            ["t1 of r-1", "t2 of h-1"],
            claimed
                .Select(upgrade => $"{upgrade!.Upgrade.Target.Tenant} of {upgrade.Upgrade.Rollout}")
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_release_waits_for_a_healing_that_has_begun_on_one_of_its_tenants()
    {
        var store = await EmptyStoreAsync();
        await store.StartAsync(Plans.Healing("h-1", 1), Cancel);
        await DecideAsync(store);

        var waits = await store.StartAsync(Plans.Rollout(Plans.Of(2)), Cancel);
        Assert.Contains("t1", Assert.IsType<StartRolloutResult.Healing>(waits).Reason, StringComparison.Ordinal);

        await RecordAsync(store, (await ClaimAsync(store))!, new StepOutcome.Done("put right"));
        Assert.IsType<StartRolloutResult.Started>(await store.StartAsync(Plans.Rollout(Plans.Of(2)), Cancel));
    }

    [Fact]
    public async Task A_healing_without_a_way_back_that_fails_has_ended()
    {
        var store = await EmptyStoreAsync();
        await store.StartAsync(Plans.Healing("h-1", 1), Cancel);
        await DecideAsync(store);
        await RecordAsync(store, (await ClaimAsync(store))!, new StepOutcome.Failed("no superuser"));

        Assert.Null(await ClaimAsync(store));
        var finish = Assert.IsType<RolloutDecision.Finish>(await DecideAsync(store));
        Assert.Equal(RolloutOutcome.RolledBack, finish.Outcome);
        Assert.IsType<StartRolloutResult.Started>(await store.StartAsync(Plans.Rollout(Plans.Of(1)), Cancel));
    }

    [Fact]
    public async Task A_healing_that_is_given_up_leaves_its_tenants_free()
    {
        var store = await EmptyStoreAsync();
        await store.StartAsync(Plans.Healing("h-1", 1), Cancel);
        await DecideAsync(store);

        Assert.IsType<AbortResult.Aborted>(
            await store.AbortAsync(new(new("h-1"), "os/0", "not now", Plans.Start), Cancel)
        );

        Assert.Null(await ClaimAsync(store));
        Assert.IsType<RolloutDecision.Finish>(await DecideAsync(store));
        Assert.IsType<StartRolloutResult.Started>(await store.StartAsync(Plans.Rollout(Plans.Of(1)), Cancel));
    }

    private async Task<IRolloutStore> StartedAsync(int tenants)
    {
        var store = await EmptyStoreAsync();
        Assert.IsType<StartRolloutResult.Started>(await store.StartAsync(Plans.Rollout(Plans.Of(tenants)), Cancel));
        Assert.IsType<RolloutDecision.Start>(await DecideAsync(store));
        return store;
    }

    private static async Task<RolloutDecision?> DecideAsync(IRolloutStore store)
    {
        if (await store.ClaimRolloutAsync(NewClaim("first", Plans.Start), Cancel) is not { } claimed)
        {
            return null;
        }

        var decision = RolloutDecider.Next(claimed.Summary);
        Assert.True(await store.ApplyAsync(claimed, decision, Plans.Start, Cancel));
        return decision;
    }

    private static Task<ClaimedUpgrade?> ClaimAsync(
        IRolloutStore store,
        string owner = "first",
        DateTimeOffset? now = null
    ) => store.ClaimUpgradeAsync(NewClaim(owner, now ?? Plans.Start), Cancel);

    private static Task<bool> RecordAsync(IRolloutStore store, ClaimedUpgrade claimed, StepOutcome outcome)
    {
        var attempt = new Attempt.Returned(outcome);
        var moved = UpgradeDecider.After(claimed.Upgrade, attempt, Plans.Start);
        return store.RecordAsync(claimed, attempt, moved, Plans.Start, Cancel);
    }

    private static Claim NewClaim(string owner, DateTimeOffset now) => new(owner, Lease, ["local"], now);
}
