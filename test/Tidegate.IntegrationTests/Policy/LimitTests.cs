using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.IntegrationTests.Promotion;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Policy;

/// <summary>Limits of a policy over real PostgreSQL, from the commit to the blocker.</summary>
public sealed class LimitTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private static readonly ImmutableSortedDictionary<string, string> Places = ImmutableSortedDictionary<
        string,
        string
    >.Empty.SetItems([
        new("limits.atRisk.tenants", "policies/careful.yaml:3"),
        new("limits.concurrency", "policies/careful.yaml:2"),
    ]);

    [Fact]
    public async Task A_limit_that_is_lowered_meanwhile_keeps_the_next_from_starting_and_says_where_it_stands()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);
        var terms = PromotionPlane.Terms("production", 2, Limited(100)) with { Places = Places };
        foreach (var tenant in new[] { "t1", "t2" })
        {
            plane.Plane.Script.AnswerOnce(tenant, "copy", new StepOutcome.Unknown("The site does not answer."));
        }

        await plane.AskAsync(terms);
        await plane.Plane.UntilQueryAsync("select count(*)::text from upgrade where state = 'asking'", "2");
        await ApplyAsync(plane, terms with { Policy = Limited(34) });
        var rollout = Assert.Single(await plane.Plane.QueryAsync("select id from rollout"));
        var resumed = await plane.Plane.RunAsync("rollout", "resume", rollout, "--tenant", "t2");
        Assert.True(resumed.Exit == 0, resumed.Transcript);
        await plane.Plane.UntilQueryAsync("select code from blocker where owner like 'rollout/%'", "at-risk");

        var answer = await plane.Plane.RunAsync("why", "t3");
        Golden.Matches("why-limited.txt", Golden.Steady(answer.Transcript));

        await ApplyAsync(plane, terms);
        await plane.Plane.UntilQueryAsync("select state from upgrade where tenant = 't3'", "ended");
        Assert.Empty(await plane.Plane.QueryAsync("select code from blocker where owner like 'rollout/%'"));
    }

    [Fact]
    public async Task A_rollout_is_not_planned_with_more_at_once_than_the_environment_allows()
    {
        await using var plane = await PromotionPlane.StartAsync(cluster);
        await ApplyAsync(
            plane,
            PromotionPlane.Terms("production", 2, Limited(100)) with
            {
                Release = null,
                Places = Places,
            }
        );

        var answer = await plane.Plane.RunAsync("rollout", "plan", "--release", "2026.11.2", "--concurrency", "9");

        Golden.Matches("plan-over-limit.txt", Golden.Steady(answer.Transcript));
    }

    private static Task ApplyAsync(PromotionPlane plane, EnvironmentTerms terms) =>
        plane
            .Plane.Services.GetRequiredService<EnvironmentTermsStore>()
            .ApplyAsync([terms], [], TestContext.Current.CancellationToken);

    private static EnvironmentPolicy Limited(int tenants) =>
        EnvironmentPolicy.Default with
        {
            Rollout = new(WaveSizes: [0]),
            Limits = new()
            {
                Concurrency = 2,
                AtRisk = new() { Tenants = tenants },
            },
        };
}
