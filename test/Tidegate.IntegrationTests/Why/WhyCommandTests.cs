using System.Collections.Immutable;
using System.Text.Json;
using Tidegate.Contracts;
using Tidegate.Contracts.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.IntegrationTests.Approvals;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.IntegrationTests.Promotion;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Why;

/// <summary>What <c>tidegate why …</c> prints: the chain from what does not move down to the rule in git.</summary>
public sealed class WhyCommandTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private static readonly ImmutableSortedDictionary<string, string> Places = ImmutableSortedDictionary<
        string,
        string
    >.Empty.SetItems([
        new("start", "policies/careful.yaml:1"),
        new("soak", "environments/production.yaml:5"),
        new("release", "environments/production.yaml:2"),
    ]);

    [Fact]
    public async Task What_a_rule_of_git_keeps_is_told_of_shop_release_environment_and_commit()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);
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
            ) with
            {
                Places = Places,
            }
        );
        await plane.UntilAsync("staging", "done");
        await plane.UntilBlockedAsync("production", "soaking start-manual");

        await MatchesAsync(plane.Plane, "why-tenant.txt", "t1");
        await MatchesAsync(plane.Plane, "why-tenant.json", "tenant/t1", "--json");
        await MatchesAsync(plane.Plane, "why-release.txt", "2026.11.2");
        await MatchesAsync(plane.Plane, "why-commit.txt", PromotionPlane.Commit[..9]);
        await MatchesAsync(plane.Plane, "why-nothing.txt", "s1");
        await MatchesAsync(plane.Plane, "why-unknown.txt", "shop-nowhere");
        await MatchesAsync(plane.Plane, "why-unknown-commit.txt", "commit/abcdef0");
        await MatchesAsync(plane.Plane, "why-no-name.txt", " ");
    }

    [Fact]
    public async Task What_waits_upstream_is_told_with_what_keeps_it_there()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);
        await plane.AskAsync(
            PromotionPlane.Terms("staging", 2, EnvironmentPolicy.Default with { Start = StartMode.Manual }),
            PromotionPlane.Terms("production", 2, upstream: "staging") with
            {
                Places = Places,
            }
        );
        await plane.UntilBlockedAsync("staging", "start-manual");
        await plane.UntilBlockedAsync("production", "upstream-elsewhere");

        await MatchesAsync(plane.Plane, "why-upstream.txt", "environment/production");
    }

    [Fact]
    public async Task A_shop_that_waits_for_its_turn_waits_for_the_shop_that_asks_a_person()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        plane.Script.AnswerOnce(
            "t1",
            "copy",
            new StepOutcome.Unknown("The site has seen a newer control plane for t1.")
        );
        var rollout = await plane.StartRolloutAsync();
        await plane.UntilAsync(rollout, "asks a person");

        await MatchesAsync(plane, "why-asks.txt", "t2");
        await MatchesAsync(plane, "why-rollout.txt", rollout);
    }

    [Fact]
    public async Task What_keeps_an_approval_is_told_with_who_could_give_it()
    {
        await using var plane = await ApprovalPlane.StartAsync(cluster);
        await plane.GovernAsync();
        var asked = await plane.AskAsync();

        await MatchesAsync(plane.Plane, "why-approval.txt", asked.Record.Id.Value);
    }

    [Fact]
    public async Task A_name_of_two_things_is_asked_for_with_its_kind()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);
        var file = Path.Combine(plane.Plane.Home, "twice.json");
        await File.WriteAllTextAsync(
            file,
            JsonSerializer.Serialize(
                new FleetDocument(
                    [],
                    [
                        new TenantDocument(
                            "staging",
                            "staging",
                            "db_staging",
                            ["staging.example"],
                            "Europe/Oslo",
                            "admin",
                            "journey",
                            "2026.11.1"
                        ),
                    ]
                ),
                ApiJson.Options
            ),
            TestContext.Current.CancellationToken
        );
        var applied = await plane.Plane.RunAsync("fleet", "apply", "--file", file);
        Assert.True(applied.Exit == 0, applied.Transcript);

        await MatchesAsync(plane.Plane, "why-ambiguous.txt", "staging");
    }

    private static async Task MatchesAsync(ScriptedControlPlane plane, string golden, params string[] arguments)
    {
        var answer = await plane.RunAsync(["why", .. arguments]);
        Golden.Matches(golden, Golden.Steady(answer.Transcript));
    }
}
