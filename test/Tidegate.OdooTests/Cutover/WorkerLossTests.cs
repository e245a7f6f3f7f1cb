using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Cutover;

/// <summary>Single processes of a generation are killed in the middle of a cutover: they come back, and the rollout ends in a named ending.</summary>
[Trait("Length", "long")]
[Collection(nameof(WholeSite))]
public sealed class WorkerLossTests(WholeSite site)
{
    // Two workers and the evented process.
    private const int Children = 3;

    [Theory]
    [InlineData("baseline", true)]
    [InlineData("quiesce", true)]
    [InlineData("verify", false)]
    [InlineData("open", false)]
    public async Task A_generation_whose_children_are_killed_has_them_back(string step, bool isOld)
    {
        var release = await site.NextReleaseAsync();
        await using var gates = await StepGates.ShutAsync(site, step);
        var old = await Generation.ServingAsync(site);
        var rollout = await site.StartAsync(release);

        await gates.ReachedAsync(step);
        var generation = isOld ? old : await Generation.OfAsync(site, release);
        var killed = generation.Children;
        Assert.Equal(Children, killed.Count);
        foreach (var child in killed)
        {
            Native.Send(child, Signal.Kill);
        }

        await gates.OpenAsync(step);
        await AssertEndedAsync(rollout);

        var serving = await Generation.ServingAsync(site);
        await Eventually.IsTrueAsync(() => serving.Children.Count == Children, "all workers are there");
        Assert.Empty(serving.Children.Intersect(killed));
    }

    [Theory]
    [InlineData("baseline", true)]
    [InlineData("migrate", true)]
    [InlineData("verify", false)]
    public async Task A_generation_whose_scheduled_jobs_process_is_killed_has_it_back(string step, bool isOld)
    {
        var release = await site.NextReleaseAsync();
        await using var gates = await StepGates.ShutAsync(site, step);
        var old = await Generation.ServingAsync(site);
        var rollout = await site.StartAsync(release);

        await gates.ReachedAsync(step);
        var generation = isOld ? old : await Generation.OfAsync(site, release);
        var killed = generation.Cron;
        await site.KillAsync(generation.CronName);
        await Eventually.IsTrueAsync(() => generation.Cron is not null, "it is started again");
        Assert.NotEqual(killed, generation.Cron);
        await gates.OpenAsync(step);

        await AssertEndedAsync(rollout);
        Assert.NotNull((await Generation.ServingAsync(site)).Cron);
    }

    private async Task AssertEndedAsync(string rollout)
    {
        var view = await site.EndAsync(rollout);
        Assert.Equal("ended", view.State);
        Assert.True(view.Outcome is "completed" or "rolled_back", $"{view.Outcome}: {view.Reason}");
        Assert.Equal(
            "64",
            await site.ScalarAsync(
                WholeSite.Database,
                "select count(*) from product_template where default_code like 'TG-%'"
            )
        );
        await Leftovers.AssertNoneAsync(site);
    }
}
