using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Following;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;
using static Tidegate.IntegrationTests.Following.GitFleet;

namespace Tidegate.IntegrationTests.Following;

/// <summary>Which commits an environment's next release answers for.</summary>
public sealed class TakenRangeTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    [Fact]
    public async Task What_was_taken_before_another_release_was_rolled_out_is_that_ones_unless_it_was_an_emergency()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);
        await fleet.SyncAsync("Promote 2026.11.2", Environment("2026.11.2"));
        await plane.SucceedAsync("promotion", "start", "production");
        await plane.UntilQueryAsync("select coalesce(outcome, '') from rollout", "completed");
        await fleet.SyncAsync("Sooner", ("policies/careful.yaml", "start: manual\nrollout: {bake: 1m}\n"));
        await fleet.SyncAsync("Promote 2026.11.3", Environment("2026.11.3"));

        Assert.Equal(2, await CountAsync(plane, '3'));
        // More of the same release: all that led to it counts still.
        Assert.Equal(4, await CountAsync(plane, '2'));

        await plane.QueryAsync(
            """
            insert into emergency (id, environment, release_name, release_digest, rollout, by, reason, overrides, at, expires)
            select 'e-1', environment, release_name, release_digest, id, 'nora', 'night', '{}', now(), now() + interval '1 hour'
              from rollout returning id
            """
        );
        Assert.Equal(4, await CountAsync(plane, '3'));
    }

    private static async Task<int> CountAsync(ScriptedControlPlane plane, char digit) =>
        (
            await plane
                .Services.GetRequiredService<TakenRangeStore>()
                .SinceAsync(
                    new EnvironmentName("production"),
                    ReleaseDigest.Create($"sha256:{new string(digit, 64)}"),
                    TestContext.Current.CancellationToken
                )
        ).Length;
}
