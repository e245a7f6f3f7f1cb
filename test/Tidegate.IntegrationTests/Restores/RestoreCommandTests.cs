using System.Text.Json;
using Tidegate.Cli;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Restores;

/// <summary>What the command line lets through, and what comes of it: job, rollout, ledger.</summary>
public sealed class RestoreCommandTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    [Fact]
    public async Task Inside_the_window_a_job_and_a_rollout_take_the_tenant_back_to_the_release_it_had()
    {
        await using var plane = await UpgradedAsync();

        var answer = await plane.RunAsync("tenant", "restore", "t1", "--to", "checkpoint", "--reason", "wrong prices");

        Assert.True(answer.Exit == ExitCodes.Done, answer.Transcript);
        Assert.Contains("no business document was written", answer.Error, StringComparison.Ordinal);
        var tenants = await plane.RunAsync("tenant", "list");
        Assert.Equal(2, tenants.Output.Split("2026.11.2").Length - 1);
        Assert.Contains("2026.11.1", tenants.Output, StringComparison.Ordinal);
        Assert.Contains(
            await plane.LedgerAsync("command"),
            line =>
                line.Contains("start of data way back by plan", StringComparison.Ordinal)
                && line.Contains("wrong prices", StringComparison.Ordinal)
        );
        Assert.Equal(["restore"], await plane.QueryAsync("select kind from rollout where id like 'w-%'"));
    }

    [Fact]
    public async Task With_one_order_written_nobody_asked_means_refused_and_nothing_begins()
    {
        await using var plane = await UpgradedAsync();
        plane.Script.Restores.Orders = 1;

        var answer = await plane.RunAsync("tenant", "restore", "t1", "--to", "checkpoint");

        Assert.Equal(ExitCodes.Blocked, answer.Exit);
        Assert.Contains("the safe-write window is closed: 1 orders written", answer.Error, StringComparison.Ordinal);
        Assert.Empty(await plane.QueryAsync("select id from job where kind = 'restore'"));
        Assert.Empty(await plane.QueryAsync("select id from rollout where kind = 'restore'"));
    }

    [Theory]
    [InlineData(2, 0, ExitCodes.Blocked, "--accept-loss", "1")]
    [InlineData(2, 0, ExitCodes.Done, "--accept-loss", "2")]
    [InlineData(2, 1, ExitCodes.Blocked, "--accept-loss", "2")]
    [InlineData(2, 1, ExitCodes.Done, "--accept-loss", "2", "--yes")]
    [InlineData(3, 1, ExitCodes.Blocked, "--accept-loss", "2", "--yes")]
    [InlineData(3, 1, ExitCodes.Done, "--yes")]
    public async Task Only_what_was_accepted_is_let_through(
        long orders,
        long payments,
        int exit,
        params string[] accepted
    )
    {
        await using var plane = await UpgradedAsync();
        plane.Script.Restores.Orders = orders;
        plane.Script.Restores.Payments = payments;

        var answer = await plane.RunAsync(["tenant", "restore", "t1", "--to", "checkpoint", .. accepted]);

        Assert.True(exit == answer.Exit, answer.Transcript);
    }

    [Fact]
    public async Task The_price_is_shown_and_nothing_is_done()
    {
        await using var plane = await UpgradedAsync();
        (plane.Script.Restores.Orders, plane.Script.Restores.Payments) = (2, 1);

        var text = await plane.RunAsync("tenant", "restore", "t1", "--to", "checkpoint", "--price-only");
        var json = await plane.RunAsync("tenant", "restore", "t1", "--to", "checkpoint", "--price-only", "--json");

        Assert.Contains("2 orders written since 2026-11-26 06:10:00Z", text.Output, StringComparison.Ordinal);
        Assert.Contains("12.50 EUR", text.Output, StringComparison.Ordinal);
        Assert.Contains(
            "safe-write window: closed: 2 orders written, payments captured: 1",
            text.Output,
            StringComparison.Ordinal
        );
        using var price = JsonDocument.Parse(json.Output);
        Assert.Equal(2, price.RootElement.GetProperty("price").GetProperty("rows").GetInt64());
        Assert.False(price.RootElement.GetProperty("isWindowOpen").GetBoolean());
        Assert.Empty(await plane.QueryAsync("select id from job where kind = 'restore'"));
    }

    [Fact]
    public async Task The_three_ways_back_are_told_apart_and_only_what_is_proven_is_called_so()
    {
        await using var plane = await UpgradedAsync();
        plane.Script.Restores.Orders = 2;

        var text = await plane.RunAsync("tenant", "way-back", "t1");
        var json = await plane.RunAsync("tenant", "way-back", "t1", "--json");

        using var view = JsonDocument.Parse(json.Output);
        Assert.Equal(
            ["application", "data", "environment"],
            view.RootElement.GetProperty("ways").EnumerateArray().Select(way => way.GetProperty("kind").GetString()!)
        );
        Assert.Contains("not proven: no rehearsal", text.Output, StringComparison.Ordinal);
        Assert.Contains("2 orders written since", text.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("06:10", ExitCodes.Usage, "is no point to return to")]
    [InlineData("checkpoint:u-9", ExitCodes.NotFound, "has no checkpoint:u-9")]
    [InlineData("2026-11-26T06:10:00+01:00", ExitCodes.Blocked, "lies before the oldest backup")]
    public async Task A_point_that_is_none_is_refused(string to, int exit, string says)
    {
        await using var plane = await UpgradedAsync();
        plane.Script.Restores.Unreachable = "that lies before the oldest backup.";

        var answer = await plane.RunAsync("tenant", "restore", "t1", "--to", to);

        Assert.Equal(exit, answer.Exit);
        Assert.Contains(says, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_that_cannot_be_brought_ends_the_job_and_begins_no_rollout()
    {
        await using var plane = await UpgradedAsync();
        plane.Script.Restores.Obstacle = "1 files of the checkpoint are damaged; nothing was changed.";

        var answer = await plane.RunAsync("tenant", "restore", "t1", "--to", "checkpoint");

        Assert.Equal(ExitCodes.EndedBadly, answer.Exit);
        Assert.Contains("are damaged", answer.Output, StringComparison.Ordinal);
        Assert.Empty(await plane.QueryAsync("select id from rollout where kind = 'restore'"));
    }

    /// <summary>Every tenant runs 2026.11.2 and t1 keeps a checkpoint of 2026.11.1.</summary>
    private async Task<ScriptedControlPlane> UpgradedAsync()
    {
        var plane = await ScriptedControlPlane.StartAsync(cluster);
        var rollout = await plane.StartRolloutAsync();
        await plane.UntilQueryAsync($"select state from rollout where id = '{rollout}'", "ended");
        plane.Script.Restores.Kept = new(
            (await plane.QueryAsync($"select id from upgrade where rollout = '{rollout}' and tenant = 't1'"))[0]
        );
        return plane;
    }
}
