using Tidegate.Cli;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Cli;

/// <summary>What an operator may order a rollout to do, from the command line to the ledger.</summary>
public sealed class OperatorVerbsTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    [Fact]
    public async Task Abort_takes_back_what_has_not_begun_to_open_and_begins_nothing_more()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var migrating = plane.Script.PauseAt("t1", "migrate");
        var rollout = await plane.StartRolloutAsync();
        await migrating.Reached;

        var aborted = await plane.RunAsync("rollout", "abort", rollout, "--reason", "wrong day");

        Assert.Equal(ExitCodes.Done, aborted.Exit);
        Assert.Contains("going back: t1", aborted.Output, StringComparison.Ordinal);
        Assert.Contains("never begun: 2", aborted.Output, StringComparison.Ordinal);
        var ended = await plane.RunAsync("rollout", "watch", rollout);
        Assert.Equal(ExitCodes.Aborted, ended.Exit);
        Assert.Contains("rolled_back: aborted by os/", ended.Output, StringComparison.Ordinal);
        Assert.Contains("wrong day", ended.Output, StringComparison.Ordinal);
        Assert.Contains(
            await plane.LedgerAsync("command"),
            line =>
                line.StartsWith("os/", StringComparison.Ordinal)
                && line.EndsWith("abort: wrong day", StringComparison.Ordinal)
        );

        var again = await plane.RunAsync("rollout", "abort", rollout);
        Assert.Equal(ExitCodes.Done, again.Exit);
        Assert.Single(await plane.LedgerAsync("command"), line => line.Contains("abort", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Abort_lets_a_tenant_that_has_begun_to_open_finish()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var opening = plane.Script.PauseAt("t1", "open");
        var rollout = await plane.StartRolloutAsync();
        await opening.Reached;

        var aborted = await plane.RunAsync("rollout", "abort", rollout, "--json");
        opening.Release();

        Assert.Contains("\"finishing\": [\n    \"t1\"\n  ]", aborted.Output, StringComparison.Ordinal);
        var ended = await plane.RunAsync("rollout", "watch", rollout);
        Assert.Equal(ExitCodes.Aborted, ended.Exit);
        Assert.Contains("t1  completed", ended.Output, StringComparison.Ordinal);
        Assert.Contains("halted", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenant_that_asks_is_resumed_and_the_rollout_completes()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        plane.Script.AnswerOnce("t1", "swap", new StepOutcome.Unknown("a newer control plane has spoken"));
        var rollout = await plane.StartRolloutAsync();
        await plane.UntilAsync(rollout, "t1  asks a person at swap");
        Assert.Contains(
            $"next: tidegate rollout resume {rollout} --tenant t1",
            (await plane.RunAsync("rollout", "show", rollout)).Error,
            StringComparison.Ordinal
        );

        var resumed = await plane.RunAsync("rollout", "resume", rollout, "--tenant", "t1", "--reason", "looked at it");

        Assert.Equal((ExitCodes.Done, "t1 goes on: swap\n"), (resumed.Exit, resumed.Output));
        Assert.Equal(ExitCodes.Done, (await plane.RunAsync("rollout", "watch", rollout)).Exit);
        Assert.Contains(
            await plane.LedgerAsync("command"),
            line => line.EndsWith("t1 swap resume: looked at it", StringComparison.Ordinal)
        );
        Assert.Equal(ExitCodes.Conflict, (await plane.RunAsync("rollout", "resume", rollout)).Exit);
    }

    [Fact]
    public async Task Resuming_when_no_tenant_asks_changes_nothing()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var migrating = plane.Script.PauseAt("t1", "migrate");
        var rollout = await plane.StartRolloutAsync();
        await migrating.Reached;

        var resumed = await plane.RunAsync("rollout", "resume", rollout);
        var stranger = await plane.RunAsync("rollout", "resume", rollout, "--tenant", "t9");
        migrating.Release();

        Assert.Equal(ExitCodes.Done, resumed.Exit);
        Assert.Contains("no tenant asks", resumed.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.NotFound, stranger.Exit);
        Assert.Equal(ExitCodes.Done, (await plane.RunAsync("rollout", "watch", rollout)).Exit);
    }

    [Fact]
    public async Task A_newer_rollout_takes_over_what_a_running_one_has_not_begun()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var migrating = plane.Script.PauseAt("t1", "migrate");
        var older = await plane.StartRolloutAsync();
        await migrating.Reached;

        var refused = await plane.RunAsync("rollout", "start", "--release", "2026.11.3");
        Assert.Equal(ExitCodes.Conflict, refused.Exit);
        Assert.Contains("supersede", refused.Error, StringComparison.Ordinal);
        var planned = await plane.RunAsync("rollout", "plan", "--release", "2026.11.3", "--supersede");
        Assert.Contains("left alone: t1", planned.Output, StringComparison.Ordinal);
        var newer = await plane.StartRolloutAsync("2026.11.3", "--supersede");
        Assert.Equal(ExitCodes.Done, (await plane.RunAsync("rollout", "watch", newer)).Exit);
        migrating.Release();

        var ended = await plane.RunAsync("rollout", "watch", older);
        Assert.Equal(ExitCodes.Aborted, ended.Exit);
        Assert.Contains($"superseded by rollout {newer}", ended.Output, StringComparison.Ordinal);
        var tenants = (await plane.RunAsync("tenant", "list")).Output.Split('\n');
        Assert.Contains(
            "2026.11.2",
            tenants.Single(line => line.StartsWith("t1", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "2026.11.3",
            tenants.Single(line => line.StartsWith("t2", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_halted_rollout_is_followed_by_a_newer_one()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        plane.Script.AnswerOnce("t2", "verify", new StepOutcome.Failed("prices differ", "x/t2/verification.json"));
        var halted = await plane.StartRolloutAsync("2026.11.2", "--wave-size", "1");
        Assert.Equal(ExitCodes.EndedBadly, (await plane.RunAsync("rollout", "watch", halted)).Exit);

        var newer = await plane.StartRolloutAsync("2026.11.3");

        Assert.Equal(ExitCodes.Done, (await plane.RunAsync("rollout", "watch", newer)).Exit);
    }

    [Fact]
    public async Task A_checkpoint_is_listed_with_its_rollout_and_dropped_on_a_clear_order()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var rollout = await plane.StartRolloutAsync();
        await plane.RunAsync("rollout", "watch", rollout);

        var listed = await plane.RunAsync("checkpoint", "list");
        var checkpoint = plane.Script.Checkpoints.Keys.First().Value;
        var unconfirmed = await plane.RunAsync("checkpoint", "drop", checkpoint);
        Assert.Equal(ExitCodes.Usage, unconfirmed.Exit);
        Assert.Equal(3, plane.Script.Checkpoints.Count);
        var dropped = await plane.RunAsync("checkpoint", "drop", checkpoint, "--yes", "--reason", "disk is full");
        var again = await plane.RunAsync("checkpoint", "drop", checkpoint, "--yes");

        Assert.Equal(3, listed.Output.Split('\n').Count(line => line.EndsWith(rollout, StringComparison.Ordinal)));
        Assert.Equal(ExitCodes.Done, dropped.Exit);
        Assert.Contains("is gone: 50 MB", dropped.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, again.Exit);
        Assert.Contains("gone already", again.Output, StringComparison.Ordinal);
        Assert.Contains(
            await plane.LedgerAsync("intent"),
            line => line.EndsWith("drop-checkpoint disk is full", StringComparison.Ordinal)
        );
        Assert.Single(
            await plane.LedgerAsync("outcome"),
            line => line.Contains("drop-checkpoint", StringComparison.Ordinal)
        );
        Assert.Equal(ExitCodes.NotFound, (await plane.RunAsync("checkpoint", "drop", "u-1", "--yes")).Exit);
    }

    [Fact]
    public async Task A_checkpoint_whose_tenant_is_being_worked_on_is_not_dropped()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var verifying = plane.Script.PauseAt("t1", "verify");
        var rollout = await plane.StartRolloutAsync();
        await verifying.Reached;
        var checkpoint = plane.Script.Checkpoints.Keys.Single().Value;

        var refused = await plane.RunAsync("checkpoint", "drop", checkpoint, "--yes");
        verifying.Release();

        Assert.Equal(ExitCodes.Conflict, refused.Exit);
        Assert.Contains(rollout, refused.Error, StringComparison.Ordinal);
        Assert.Single(plane.Script.Checkpoints);
        Assert.Equal(ExitCodes.Done, (await plane.RunAsync("rollout", "watch", rollout)).Exit);
    }

    [Fact]
    public async Task A_checkpoint_that_something_holds_on_to_stays_listed_and_the_order_may_be_given_again()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        await plane.RunAsync("rollout", "watch", await plane.StartRolloutAsync());
        var checkpoint = plane.Script.Checkpoints.Keys.First().Value;
        plane.Script.Obstacle = "session 17 of backup works on it";

        var refused = await plane.RunAsync("checkpoint", "drop", checkpoint, "--yes");
        plane.Script.Obstacle = null;

        Assert.Equal(ExitCodes.Conflict, refused.Exit);
        Assert.Contains("session 17", refused.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, (await plane.RunAsync("checkpoint", "drop", checkpoint, "--yes")).Exit);
    }
}
