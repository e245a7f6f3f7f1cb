using Tidegate.Contracts.Rollouts;

namespace Tidegate.OdooTests.Cutover;

/// <summary>A person gives a rollout up while a real step is being carried out.</summary>
[Collection(nameof(WholeSite))]
public sealed class AbortTests(WholeSite site)
{
    [Theory]
    [Trait("Length", "long")]
    [InlineData("start-generation")]
    [InlineData("baseline")]
    [InlineData("hold")]
    [InlineData("migrate")]
    [InlineData("warm")]
    [InlineData("verify")]
    public async Task Aborted_inside_a_step_the_very_same_database_comes_back(string step)
    {
        var before = await DatabaseAsync();
        var rollout = await site.StartAsync(await site.NextReleaseAsync("time.sleep(3)"));
        await site.UntilRunsAsync(rollout, step);

        using var client = site.Client();
        var aborted = await client.PostAsync<AbortRollout, AbortedRollout>(
            $"/api/rollouts/{rollout}/abort",
            new AbortRollout("wrong day"),
            TestContext.Current.CancellationToken
        );

        Assert.Single(aborted.GoingBack);
        var view = await site.EndAsync(rollout);
        Assert.Equal(("rolled_back", "put_off"), (view.Outcome, Assert.Single(view.Tenants).Ending));
        Assert.Contains("wrong day", view.Reason, StringComparison.Ordinal);
        Assert.Equal(before, await DatabaseAsync());
        await Leftovers.AssertNoneAsync(site);
    }

    private Task<string?> DatabaseAsync() =>
        site.ScalarAsync("postgres", $"select oid::text from pg_database where datname = '{WholeSite.Database}'");
}
