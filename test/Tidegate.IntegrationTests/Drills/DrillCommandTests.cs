using Microsoft.Extensions.DependencyInjection;
using Tidegate.Cli;
using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Objectives;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Drills;

/// <summary>Drills from the command line to the order.</summary>
public sealed class DrillCommandTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    [Fact]
    public async Task The_only_site_need_not_be_named_and_one_of_several_must()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(
            cluster,
            services => services.AddSingleton<IDrillScenarios, Everything>()
        );

        var only = await plane.RunAsync("drill", "run", "cluster-loss", "--no-wait");

        Assert.True(only.Exit == ExitCodes.Done, only.Transcript);
        Assert.Equal(["local"], await plane.QueryAsync("select subject from job where kind = 'drill'"));

        await plane.QueryAsync(
            "with made as (insert into site (name, cluster) values ('oslo', '1') returning 1) select 'made' from made"
        );
        var several = await plane.RunAsync("drill", "run", "site-loss", "--no-wait");
        Assert.Equal(ExitCodes.Usage, several.Exit);
        Assert.Contains("there are 2 sites: local, oslo.", several.Error, StringComparison.Ordinal);
        Assert.Contains("say which with --site.", several.Error, StringComparison.Ordinal);
        var elsewhere = await plane.RunAsync("drill", "run", "site-loss", "--site", "bergen", "--no-wait");
        Assert.Equal(ExitCodes.NotFound, elsewhere.Exit);
        Assert.Single(await plane.QueryAsync("select id from job where kind = 'drill'"));
    }

    [Fact]
    public async Task A_scenario_of_a_tenant_is_ordered_with_the_release_that_the_tenant_has()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(
            cluster,
            services => services.AddSingleton<IDrillScenarios, Everything>()
        );

        var nobody = await plane.RunAsync("drill", "run", "faulty-migration", "--no-wait");
        var ordered = await plane.RunAsync("drill", "run", "faulty-migration", "--tenant", "t1", "--no-wait");

        Assert.Equal(ExitCodes.Usage, nobody.Exit);
        Assert.Contains("faulty-migration is played with a tenant.", nobody.Error, StringComparison.Ordinal);
        Assert.True(ordered.Exit == ExitCodes.Done, ordered.Transcript);
        Assert.Equal(
            ["t1 db1 2026.11.1 2026.11.1"],
            await plane.QueryAsync(
                """
                select concat_ws(' ', subject, payload -> 'served' ->> 'database', payload -> 'served' -> 'from' ->> 'name',
                                 payload -> 'served' -> 'to' ->> 'name')
                  from job where kind = 'drill'
                """
            )
        );
    }

    private sealed class Everything : IDrillScenarios
    {
        public string? Refusal(DrillScenario scenario) => null;
    }
}
