using Tidegate.Contracts.Rollouts;
using Tidegate.Drivers.Sites;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Cutover;

/// <summary>Parts of the site are killed in the middle of a rollout: it ends in a named ending, and the shop's data is whole.</summary>
[Trait("Length", "long")]
[Collection(nameof(WholeSite))]
public sealed class PartLossTests(WholeSite site)
{
    [Fact]
    public async Task A_killed_migration_brings_the_tenant_back()
    {
        var rollout = await site.StartAsync(
            await site.NextReleaseAsync("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
        );

        var view = await AssertEndedAsync(rollout);

        Assert.Equal("rolled_back", view.Outcome);
        Assert.Contains("kill", view.Reason, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Postgresql_killed_while_it_copies_leaves_no_folder_without_a_database()
    {
        var rollout = await site.StartAsync(await site.NextReleaseAsync());

        await Eventually.IsTrueAsync(
            async () =>
                await site.ScalarAsync(
                    "postgres",
                    "select count(*) from pg_stat_activity where state = 'active' and query like 'CREATE DATABASE%__next%' and pid <> pg_backend_pid()"
                )
                    is not "0",
            "PostgreSQL copies"
        );
        await site.KillAsync(SiteProcesses.Postgres);

        await AssertEndedAsync(rollout);
    }

    [Fact]
    public async Task Postgresql_killed_in_a_migration_ends_in_a_named_ending()
    {
        var rollout = await site.StartAsync(await site.NextReleaseAsync("time.sleep(2)"));

        await site.UntilRunsAsync(rollout, "migrate");
        await site.KillAsync(SiteProcesses.Postgres);

        await AssertEndedAsync(rollout);
    }

    [Fact]
    public async Task A_gateway_killed_while_it_holds_comes_back_and_the_rollout_goes_on()
    {
        var release = await site.NextReleaseAsync("time.sleep(1)");
        var rollout = await site.StartAsync(release);

        await site.UntilRunsAsync(rollout, "migrate");
        await site.KillAsync(SiteProcesses.Gateway);

        var view = await AssertEndedAsync(rollout);
        Assert.Equal("completed", view.Outcome);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{site.GatewayPort}/web/login");
        request.Headers.Host = "shop-oslo.localhost";
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"the shop answers {response.StatusCode}");
    }

    [Fact]
    public async Task A_new_generation_killed_before_opening_ends_in_a_named_ending()
    {
        var rollout = await site.StartAsync(await site.NextReleaseAsync("time.sleep(1)"));

        await site.UntilRunsAsync(rollout, "migrate");
        var newest = site
            .Site.Status()
            .Processes.Where(process =>
                process.Name.Contains("web", StringComparison.Ordinal) && process.Pid is not null
            )
            .MaxBy(process => process.StartedAt);
        await site.KillAsync(newest!.Name);

        await AssertEndedAsync(rollout);
    }

    private async Task<RolloutView> AssertEndedAsync(string rollout)
    {
        var view = await site.EndAsync(rollout);
        Assert.Equal("ended", view.State);
        Assert.Equal(
            "64",
            await site.ScalarAsync(
                WholeSite.Database,
                "select count(*) from product_template where default_code like 'TG-%'"
            )
        );
        await Leftovers.AssertNoneAsync(site);
        return view;
    }
}
