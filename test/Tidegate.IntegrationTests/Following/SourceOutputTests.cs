using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;
using static Tidegate.IntegrationTests.Following.GitFleet;

namespace Tidegate.IntegrationTests.Following;

/// <summary>What the command line says of a followed repository, byte by byte.</summary>
public sealed class SourceOutputTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    [Fact]
    public async Task Following_reads_as_it_always_did()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        await MatchesAsync(plane, "status-nothing.txt", "fleet", "status");
        await MatchesAsync(plane, "sync-nothing.txt", "fleet", "sync");
        await MatchesAsync(plane, "follow-wrong.txt", "fleet", "follow", "https://ann:pw@git.example.com/fleet.git");
        await MatchesAsync(plane, "follow-interval.txt", "fleet", "follow", Address, "--interval", "soon");
        await MatchesAsync(plane, "follow-no-interval.txt", "fleet", "follow", Address, "--interval", "");

        var fleet = new GitFleet(plane);
        fleet.Commit("The fleet", Files);
        await MatchesAsync(plane, "follow.txt", "fleet", "follow", Address, "--interval", "1d");
        await MatchesAsync(plane, "sync.txt", "fleet", "sync", "--wait");
        await MatchesAsync(plane, "status.json", "fleet", "status", "--json");
        await MatchesAsync(
            plane,
            "governed-apply.txt",
            "fleet",
            "apply",
            "--file",
            await plane.WriteFleetAsync(["db1"])
        );
        await MatchesAsync(plane, "governed-start.txt", "rollout", "start", "--release", "2026.11.2");
    }

    [Fact]
    public async Task What_is_in_the_way_reads_as_it_always_did()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowAsync(plane);
        fleet.Commit("A typo", ("pools/shared.yaml", "site: local\nenvironment: production\nworker: 4\n"));
        await MatchesAsync(plane, "sync-broken.txt", "fleet", "sync");
        await MatchesAsync(plane, "status-broken.json", "fleet", "status", "--json");

        var anew = fleet.CommitTo("other", "Anew", Files);
        fleet.Repository.Move("main", anew);
        await MatchesAsync(plane, "sync-rewritten.txt", "fleet", "sync");
        await MatchesAsync(plane, "accept-wrong.txt", "fleet", "accept", "main", "--reason", "why");
        await MatchesAsync(plane, "accept-elsewhere.txt", "fleet", "accept", new string('0', 40), "--reason", "why");
        await MatchesAsync(plane, "accept.txt", "fleet", "accept", anew.Value, "--reason", "a secret was in it");

        fleet.Commit("Without t3", ("tenants/t3.yaml", null));
        await MatchesAsync(plane, "sync-tenant.txt", "fleet", "sync");
        await MatchesAsync(plane, "unfollow.txt", "fleet", "unfollow");
    }

    private static async Task MatchesAsync(ScriptedControlPlane plane, string golden, params string[] arguments)
    {
        var answer = await plane.RunAsync(arguments);
        Golden.Matches(golden, Golden.Steady(answer.Transcript));
    }
}
