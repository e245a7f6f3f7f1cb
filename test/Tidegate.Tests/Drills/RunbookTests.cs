using System.Text.Json;
using Tidegate.Cli;
using Tidegate.ControlPlane.Objectives;
using Tidegate.Drivers.Drills.Runbooks;
using Tidegate.Drivers.Sites;
using Tidegate.Server.Commands;

namespace Tidegate.Tests.Drills;

/// <summary>Runbooks as the program has them; that they work is shown on a real cluster elsewhere.</summary>
public sealed class RunbookTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tg runbook's-");

    public static TheoryData<DrillScenario> Scenarios => [.. Runbook.All.Select(runbook => runbook.Scenario)];

    [Fact]
    public void Every_scenario_has_one() =>
        Assert.Equal(DrillScenarios.All, Runbook.All.Select(runbook => runbook.Scenario));

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Every_fact_is_known_and_every_step_has_commands(DrillScenario scenario)
    {
        var runbook = Runbook.Of(scenario)!;

        var filled = runbook.Fill(RunbookFacts.Unknown);

        Assert.DoesNotContain("{{", filled, StringComparison.Ordinal);
        Assert.NotEmpty(runbook.Steps);
        Assert.Equal(
            runbook.Steps.Select((step, number) => $"{number + 1}. {step}"),
            Runbook.Commands(filled).Select(block => block.Heading).Where(heading => heading != "Afterwards")
        );
    }

    [Fact]
    public async Task It_is_printed_with_the_facts_of_a_site_of_which_nothing_runs()
    {
        await WriteSiteAsync();

        var (exit, output, _) = await RunAsync("drill", "runbook", "cluster-loss", "--home", _folder.FullName);

        Assert.Equal(ExitCodes.Done, exit);
        Assert.StartsWith("# Runbook: the PostgreSQL of site bergen is lost\n", output, StringComparison.Ordinal);
        // Among commands it is one word, whatever is in it.
        var quoted = _folder.FullName.Replace("'", "'\\''", StringComparison.Ordinal);
        Assert.Contains($"mv '{quoted}/postgres/data' ", output, StringComparison.Ordinal);
        Assert.Contains($"`{_folder.FullName}/postgres/data`", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_no_home_and_a_scenario_without_a_runbook_are_told()
    {
        Assert.Equal(
            (ExitCodes.NotFound, true),
            (await RunAsync("drill", "runbook", "cluster-loss", "--home", _folder.FullName)) is var (exit, _, error)
                ? (exit, error.Contains("is no home of a site", StringComparison.Ordinal))
                : default
        );
        var none = await RunAsync("drill", "runbook", "fire");
        Assert.Equal(ExitCodes.NotFound, none.Exit);
        Assert.Contains($"use one of {string.Join(", ", DrillScenarios.Words)}.", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_get_the_steps()
    {
        var (_, output, _) = await RunAsync("drill", "runbook", "cluster-loss", "--json");

        using var json = JsonDocument.Parse(output);
        Assert.Equal(
            Runbook.Of(DrillScenario.ClusterLoss)!.Steps,
            json.RootElement.GetProperty("steps").EnumerateArray().Select(step => step.GetString())
        );
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task WriteSiteAsync() =>
        File.WriteAllTextAsync(
            new SiteLayout(_folder.FullName).SiteFile,
            """{ "port": 8080, "postgresBinaries": "/usr/lib/postgresql/15/bin", "name": "bergen" }""",
            TestContext.Current.CancellationToken
        );

    private static async Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = await CommandLine.RunAsync(
            arguments,
            LocalCommands.All(TimeProvider.System),
            output,
            error,
            TestContext.Current.CancellationToken
        );
        return (exit, output.ToString(), error.ToString());
    }
}
