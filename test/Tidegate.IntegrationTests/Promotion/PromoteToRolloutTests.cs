using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Following;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.IntegrationTests.Following;

namespace Tidegate.IntegrationTests.Promotion;

/// <summary>The whole way of a release on real git and real PostgreSQL: a person's pushed line, the follower, planned work, a rollout.</summary>
public sealed class PromoteToRolloutTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    [Fact]
    public async Task A_promotion_that_was_pushed_goes_out_to_every_tenant_of_the_environment()
    {
        using var home = new GitHome();
        await using var plane = await ScriptedControlPlane.StartAsync(
            cluster,
            services => services.AddSingleton<IFleetSource>(home.Source)
        );
        using var fleet = new FleetRepository("fleet");
        fleet.Put("environments/production.yaml", "release: 2026.11.1\n");
        foreach (var (path, text) in Enumerable.Range(1, 3).Select(number => GitFleet.Tenant($"t{number}")))
        {
            fleet.Put(path, text!);
        }

        fleet.Git("add", ".");
        fleet.Git("commit", "--quiet", "-m", "The shops");
        await plane.SucceedAsync("fleet", "follow", fleet.AddOrigin(), "--folder", "fleet", "--interval", "1d");
        await plane.SucceedAsync("fleet", "sync");

        await plane.SucceedAsync("promote", "2026.11.2", "--to", "production", "--fleet", fleet.Folder, "--push");
        Assert.Empty(await plane.QueryAsync("select id from rollout"));
        await plane.SucceedAsync("fleet", "sync");

        await plane.UntilQueryAsync(
            "select concat_ws(' ', environment, release_name, outcome) from rollout",
            "production 2026.11.2 completed"
        );
        Assert.Contains(
            fleet.Head[..12],
            Assert.Single(await plane.QueryAsync("select start_reason from rollout")),
            StringComparison.Ordinal
        );
        Assert.Equal(
            Enumerable.Range(1, 3).Select(number => $"t{number} sha256:{new string('2', 64)}"),
            await plane.QueryAsync("select name || ' ' || release from tenant order by 1")
        );
    }
}
