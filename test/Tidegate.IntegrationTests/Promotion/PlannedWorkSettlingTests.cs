using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion;
using Tidegate.ControlPlane.Promotion.Facts;
using Tidegate.ControlPlane.Promotion.Gates;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Promotion;

/// <summary>What becomes of planned work when its rollout ends, and what people may say about it.</summary>
public sealed class PlannedWorkSettlingTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private static readonly DateTimeOffset Noon = History.Noon;
    private static readonly EnvironmentName Production = new("production");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("completed", "completed", "done", 0)]
    [InlineData("completed_with_exceptions", "rolled_back", "done", 0)]
    [InlineData("rolled_back", "rolled_back", "waiting", 1)]
    [InlineData("halted", "rolled_back", "waiting", 1)]
    public async Task Work_is_done_when_its_rollout_went_through_and_waits_under_a_hold_when_it_went_back(
        string outcome,
        string ending,
        string state,
        int holds
    )
    {
        await using var history = await StartedAsync(outcome, ending);
        var planned = new PlannedWorkStore(history.Database);

        await planned.SettleAsync(Noon.AddHours(1), Token);
        await planned.SettleAsync(Noon.AddHours(2), Token);

        Assert.Equal([state], await history.TextsAsync("select state from planned_work"));
        Assert.Equal(holds, (await planned.HoldsAsync(null, 10, Token)).Count);
        Assert.Equal(
            1 + holds,
            (
                await history.TextsAsync(
                    "select reason from ledger where reason ~ '^(planned work (done|waits again)|hold on)'"
                )
            ).Length
        );
    }

    [Fact]
    public async Task Tenants_that_a_rollout_had_to_leave_out_keep_the_work_waiting()
    {
        await using var history = await StartedAsync("completed", "completed", "p1");
        await history.AddAsync("production", 1, "p2");

        await new PlannedWorkStore(history.Database).SettleAsync(Noon.AddHours(1), Token);

        Assert.Equal(["waiting"], await history.TextsAsync("select state from planned_work"));
        Assert.Empty(await history.TextsAsync("select reason from promotion_hold"));
    }

    [Fact]
    public async Task What_was_asked_for_meanwhile_waits_and_the_old_work_is_superseded()
    {
        await using var history = await StartedAsync("rolled_back", "rolled_back");
        await history.AskAsync("production", 3);

        await new PlannedWorkStore(history.Database).SettleAsync(Noon.AddHours(1), Token);

        Assert.Equal(
            ["2026.11.2 superseded", "2026.11.3 waiting"],
            await history.TextsAsync("select release_name || ' ' || state from planned_work order by id")
        );
    }

    [Fact]
    public async Task A_rollout_that_another_took_over_from_holds_nothing_unless_a_tenant_went_back()
    {
        await using var history = await History.CreateAsync(cluster);
        await history.AddAsync("production", 1, "p1", "p2");
        var calm = await history.RolledOutAsync(
            "production",
            2,
            Noon,
            "halted",
            ("p1", "completed"),
            ("p2", "untouched")
        );
        var broken = await history.RolledOutAsync(
            "production",
            3,
            Noon,
            "halted",
            ("p1", "rolled_back"),
            ("p2", "untouched")
        );
        await history.ExecuteAsync("update rollout set superseded_by = 'r-9' where id in ($1, $2)", calm, broken);
        var planned = new PlannedWorkStore(history.Database);

        await planned.SettleAsync(Noon, Token);

        Assert.Equal(broken, Assert.Single(await planned.HoldsAsync(Production, 10, Token)).Rollout.Value);
    }

    [Fact]
    public async Task An_aborted_rollout_is_held_with_the_words_of_who_aborted_it()
    {
        await using var history = await StartedAsync("rolled_back", "put_off");
        await history.ExecuteAsync("update rollout set aborted_by = 'os/7', abort_reason = 'the shop is full'");
        var planned = new PlannedWorkStore(history.Database);

        await planned.SettleAsync(Noon.AddHours(1), Token);

        Assert.Equal(
            "it was aborted by os/7: the shop is full",
            Assert.Single(await planned.HoldsAsync(null, 10, Token)).Reason
        );
    }

    [Fact]
    public async Task A_hold_that_a_person_lifts_stays_lifted_until_the_digest_goes_back_again()
    {
        await using var history = await StartedAsync("rolled_back", "rolled_back");
        var planned = new PlannedWorkStore(history.Database);
        await planned.SettleAsync(Noon.AddHours(1), Token);

        var lifted = await planned.LiftAsync(Lift("2026.11.2", Noon.AddHours(2)), Token);
        await planned.SettleAsync(Noon.AddHours(3), Token);
        Assert.Equal("2026.11.2", Assert.Single(lifted).Release.Name);
        Assert.Empty(await planned.HoldsAsync(null, 10, Token));
        Assert.Empty(await planned.LiftAsync(Lift(null, Noon.AddHours(4)), Token));

        await history.RolledOutAsync("production", 2, Noon.AddHours(5), "rolled_back", ("p1", "rolled_back"));
        await planned.SettleAsync(Noon.AddHours(6), Token);

        Assert.Equal(Noon.AddHours(5), Assert.Single(await planned.HoldsAsync(null, 10, Token)).Since);
        Assert.Contains(
            "lift the hold on 2026.11.2 in production: the disk was full",
            await history.TextsAsync("select reason from ledger where actor = 'os/7'")
        );
    }

    [Fact]
    public async Task What_went_back_a_moment_ago_can_be_lifted_before_it_was_settled()
    {
        await using var history = await StartedAsync("rolled_back", "rolled_back");
        var planned = new PlannedWorkStore(history.Database);

        Assert.Single(await planned.LiftAsync(Lift(null, Noon.AddHours(1)), Token));
        await planned.SettleAsync(Noon.AddHours(2), Token);

        Assert.Empty(await planned.HoldsAsync(null, 10, Token));
        Assert.Empty(await planned.LiftAsync(Lift("2026.11.3", Noon.AddHours(2)), Token));
    }

    [Fact]
    public async Task Releases_that_went_through_since_are_not_held_for_what_was_before()
    {
        await using var history = await History.CreateAsync(cluster);
        await history.AddAsync("production", 1, "p1");
        await history.RolledOutAsync("production", 2, Noon, "rolled_back", ("p1", "rolled_back"));
        await history.RolledOutAsync("production", 2, Noon.AddHours(1), "completed", ("p1", "completed"));
        var planned = new PlannedWorkStore(history.Database);

        await planned.SettleAsync(Noon.AddHours(2), Token);

        Assert.Empty(await planned.HoldsAsync(null, 10, Token));
    }

    [Fact]
    public async Task A_persons_word_wakes_the_work_and_is_not_lost_to_a_look_that_began_before_it()
    {
        await using var history = await History.CreateAsync(cluster);
        await history.AskAsync("production", 2);
        var planned = new PlannedWorkStore(history.Database);
        var seen = Assert.Single(await planned.DueAsync(Noon, 10, Token));

        Assert.True(
            await planned.OrderAsync(Production, new StartOrder("os/7", Noon.AddMinutes(1), "now", true), Token)
        );
        await planned.JudgedAsync([Judged(seen)], Noon.AddMinutes(1), Token);

        var due = Assert.Single(await planned.DueAsync(Noon.AddMinutes(1), 10, Token));
        Assert.Equal(new StartOrder("os/7", Noon.AddMinutes(1), "now", true), due.Order);
        Assert.Equal("start", Assert.Single(due.Gates).Answer.Gate);
        Assert.False(await planned.OrderAsync(new("staging"), new StartOrder("os/7", Noon, null, false), Token));
    }

    [Fact]
    public async Task Work_sleeps_until_its_wake_up()
    {
        await using var history = await History.CreateAsync(cluster);
        await history.AskAsync("production", 2);
        var planned = new PlannedWorkStore(history.Database);

        await planned.JudgedAsync([Judged(Assert.Single(await planned.DueAsync(Noon, 10, Token)))], Noon, Token);

        Assert.Empty(await planned.DueAsync(Noon.AddHours(1).AddTicks(-10), 10, Token));
        Assert.Single(await planned.DueAsync(Noon.AddHours(1), 10, Token));
    }

    private static JudgedWork Judged(WaitingWork work) =>
        new(
            work.Work.Id,
            work.WakeAt,
            Noon.AddHours(1),
            [new AskedGate(GateAnswer.Fail("start", new GateReason("start-manual", "x", "x", "x", Noon)))]
        );

    private static HoldLift Lift(string? release, DateTimeOffset at) =>
        new(Production, release, "os/7", "the disk was full", at);

    /// <summary>2026.11.2 was planned in production, and its rollout has ended.</summary>
    private async Task<History> StartedAsync(string outcome, string ending, params string[] tenants)
    {
        var history = await History.CreateAsync(cluster);
        await history.AddAsync("production", 1, tenants is [] ? ["p1"] : tenants);
        await history.AskAsync("production", 2);
        var rollout = await history.RolledOutAsync("production", 2, Noon, outcome, ("p1", ending));
        await history.ExecuteAsync("update planned_work set state = 'started', rollout = $1", rollout);
        return history;
    }
}
