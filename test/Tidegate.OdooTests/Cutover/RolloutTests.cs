using Tidegate.Contracts.Rollouts;

namespace Tidegate.OdooTests.Cutover;

/// <summary>Real rollouts of one real shop through the API, as an operator starts them.</summary>
[Collection(nameof(WholeSite))]
public sealed class RolloutTests(WholeSite site)
{
    [Fact]
    public async Task A_good_release_is_carried_out_step_by_step_and_nothing_else_is_left()
    {
        var release = await site.NextReleaseAsync();

        var view = await site.EndAsync(await site.StartAsync(release));

        Assert.True(view.Outcome is "completed", $"{view.Outcome}: {view.Reason}");
        var tenant = Assert.Single(view.Tenants);
        Assert.Equal(release, tenant.ReleaseAfter);
        Assert.All(tenant.Steps, step => Assert.Equal("done", step.Outcome));
        Assert.Equal("retire", tenant.Steps[^1].Kind);
        await Leftovers.AssertNoneAsync(site);
    }

    [Fact]
    public async Task A_migration_that_raises_brings_the_very_same_database_back()
    {
        var before = await DatabaseAsync();
        var release = await site.NextReleaseAsync("raise ValueError('this migration fails on purpose')");

        var view = await site.EndAsync(await site.StartAsync(release));

        Assert.Equal("rolled_back", view.Outcome);
        Assert.Contains("this migration fails on purpose", view.Reason, StringComparison.Ordinal);
        var tenant = Assert.Single(view.Tenants);
        Assert.Equal("rolled_back", tenant.Ending);
        Assert.NotNull(tenant.Evidence);
        Assert.Equal(before, await DatabaseAsync());
        await Leftovers.AssertNoneAsync(site);
    }

    [Fact]
    public async Task A_second_rollout_on_a_busy_tenant_is_refused_with_the_name_of_the_first()
    {
        var release = await site.NextReleaseAsync();
        var rollout = await site.StartAsync(release);

        using var client = site.Client();
        var refused = await Assert.ThrowsAsync<Cli.Client.ProblemException>(() =>
            client.PostAsync<StartRollout, StartedRollout>(
                "/api/rollouts",
                new StartRollout(release, "production"),
                TestContext.Current.CancellationToken
            )
        );

        Assert.Contains(rollout, refused.Problem.What, StringComparison.Ordinal);
        Assert.Equal("completed", (await site.EndAsync(rollout)).Outcome);
    }

    private Task<string?> DatabaseAsync() =>
        site.ScalarAsync("postgres", $"select oid::text from pg_database where datname = '{WholeSite.Database}'");
}
