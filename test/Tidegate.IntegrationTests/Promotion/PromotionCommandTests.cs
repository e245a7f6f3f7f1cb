using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Promotion;

/// <summary>What <c>tidegate promotion …</c> prints.</summary>
public sealed class PromotionCommandTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    [Fact]
    public async Task What_soaks_reads_as_it_always_did()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);
        await MatchesAsync(plane, "promotion-list-empty.txt", "list");
        await MatchesAsync(plane, "promotion-show-unknown.txt", "show", "production");

        await plane.AskAsync(
            PromotionPlane.Terms("staging", 2),
            PromotionPlane.Terms(
                "production",
                2,
                EnvironmentPolicy.Default with
                {
                    Start = StartMode.Manual,
                },
                TimeSpan.FromHours(24),
                "staging"
            )
        );
        await plane.UntilAsync("staging", "done");
        await plane.UntilBlockedAsync("production", "soaking start-manual");

        await MatchesAsync(plane, "promotion-list.txt", "list");
        await MatchesAsync(plane, "promotion-list.json", "list", "--json", "--environment", "production");
        await MatchesAsync(plane, "promotion-show.txt", "show", "production");
        await MatchesAsync(plane, "promotion-show.json", "show", "production", "--json");
        await MatchesAsync(plane, "promotion-show-done.txt", "show", "staging");
        await MatchesAsync(plane, "promotion-start.txt", "start", "production", "--reason", "the day is calm");
        await MatchesAsync(plane, "promotion-start-nothing.txt", "start", "staging");
    }

    [Fact]
    public async Task What_is_held_reads_as_it_always_did()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);
        plane.Plane.Script.AnswerOnce("t1", "verify", new StepOutcome.Failed("TIPS costs 0.90 USD.", "r/t1"));
        await plane.AskAsync(PromotionPlane.Terms("production", 2));
        await plane.UntilBlockedAsync("production", "went-back");

        await MatchesAsync(plane, "promotion-show-held.txt", "show", "production");
        await MatchesAsync(
            plane,
            "promotion-lift-none.txt",
            "lift",
            "production",
            "--release",
            "2026.11.3",
            "--reason",
            "x"
        );
        await MatchesAsync(plane, "promotion-lift-no-reason.txt", "lift", "production", "--reason", " ");
        await MatchesAsync(plane, "promotion-lift.json", "lift", "production", "--reason", "a wrong list", "--json");
    }

    private static async Task MatchesAsync(PromotionPlane plane, string golden, params string[] arguments)
    {
        var answer = await plane.Plane.RunAsync(["promotion", .. arguments]);
        Golden.Matches(golden, Golden.Steady(answer.Transcript));
    }
}
