using System.Text.Json;
using Tidegate.Contracts.Checkpoints;
using Tidegate.Contracts.Jobs;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Cutover;

/// <summary>A site's long work, ordered and waited for as people do.</summary>
internal static class SiteJobs
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <returns>The job's id.</returns>
    public static async Task<string> OrderAsync<TOrder>(this WholeSite site, string address, TOrder order)
    {
        using var client = site.Client();
        return (await client.PostAsync<TOrder, OrderedJob>(address, order, Token)).Id;
    }

    /// <summary>Waits for its end, which is a good one.</summary>
    /// <returns>What came of it.</returns>
    public static async Task<JsonElement> DoneAsync(this WholeSite site, string job)
    {
        var view = await FindAsync();
        while (view.State is not "ended")
        {
            // The whole may take minutes; no stage of it may.
            var known = view.Progress?.Stage;
            await Eventually.IsTrueAsync(
                async () =>
                {
                    view = await FindAsync();
                    return view.State is "ended" || view.Progress?.Stage != known;
                },
                $"job {job} goes on after {known}"
            );
        }

        Assert.True(view.Outcome is "done", view.Failure);
        return view.Result!.Value;

        async Task<JobView> FindAsync()
        {
            using var client = site.Client();
            return await client.GetAsync<JobView>($"/api/jobs/{job}", Token);
        }
    }

    /// <summary>Lets go what ways back replaced, which stays until somebody does: the site's other tests count on one checkpoint at most.</summary>
    public static async Task DropCheckpointsAsync(this WholeSite site)
    {
        using var client = site.Client();
        foreach (var checkpoint in (await client.GetAsync<CheckpointList>("/api/checkpoints", Token)).Checkpoints)
        {
            await client.PostAsync<DropCheckpoint, DroppedCheckpoint>(
                $"/api/checkpoints/{checkpoint.Id}/drop",
                new(),
                Token
            );
        }
    }
}
