using Tidegate.Cli;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Ledger;

/// <summary>What people ask the ledger for.</summary>
public sealed class LedgerVerbsTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    [Fact]
    public async Task Entries_are_found_by_the_release_that_they_are_about_and_by_words()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var rollout = await plane.StartRolloutAsync();
        Assert.Equal(ExitCodes.Done, (await plane.RunAsync("rollout", "watch", rollout)).Exit);

        var started = await LinesAsync(plane, "--release", "2026.11.2", "--what", "START of plan");
        Assert.Contains(rollout, Assert.Single(started), StringComparison.Ordinal);
        Assert.NotEmpty(await LinesAsync(plane, "--release", "2026.11.2"));
        Assert.Empty(await LinesAsync(plane, "--release", "2026.11.1", "--what", "start of plan"));
        Assert.Empty(await LinesAsync(plane, "--release", "2099.1"));

        // Words are of kind, step and reason, and no pattern of SQL.
        var swaps = await LinesAsync(plane, "--what", "swap", "--rollout", rollout);
        Assert.NotEmpty(swaps);
        Assert.All(swaps, line => Assert.Contains("swap", line, StringComparison.Ordinal));
        Assert.Empty(await LinesAsync(plane, "--what", "%"));
        Assert.Empty(await LinesAsync(plane, "--what", "nobody ever wrote this"));
    }

    private static async Task<string[]> LinesAsync(ScriptedControlPlane plane, params string[] asked)
    {
        var answer = await plane.RunAsync(["ledger", "list", .. asked]);
        Assert.True(answer.Exit == ExitCodes.Done, answer.Error);
        return answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
    }
}
