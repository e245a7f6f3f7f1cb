using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tidegate.Cli;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Rehearsals;

/// <summary>Rehearsals from the command line to the job and back, with a site whose rehearsals come to what the test says.</summary>
public sealed class RehearsalCommandTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tenants_rehearsal_reads_as_it_always_did()
    {
        await using var plane = await StartAsync();

        var passed = await plane.RunAsync("rehearse", "2026.11.2", "--tenant", "t1");
        var asJson = await plane.RunAsync("rehearse", "2026.11.2", "--tenant", "t2", "--json");

        Assert.Equal((ExitCodes.Done, ExitCodes.Done), (passed.Exit, asJson.Exit));
        Golden.Matches("rehearse.txt", Golden.Steady(passed.Output));
        Golden.Matches("rehearse.json", Golden.Steady(asJson.Output));
        var id = (await plane.QueryAsync("select id from rehearsal where tenant = 't1'"))[0];
        await MatchesAsync(plane, "show.txt", "rehearsal", "show", id);
        await MatchesAsync(plane, "show.json", "rehearsal", "show", id, "--json");
        await MatchesAsync(plane, "list.txt", "rehearsal", "list");
        await MatchesAsync(plane, "list-tenant.json", "rehearsal", "list", "--tenant", "t1", "--json");
        await MatchesAsync(plane, "list-nobody.txt", "rehearsal", "list", "--tenant", "t3");
    }

    [Fact]
    public async Task A_wave_is_rehearsed_tenant_by_tenant_and_one_that_does_not_pass_is_told()
    {
        await using var plane = await StartAsync();
        Script(plane).Refusals["t3"] = "column-dropped: the column sale_order.note was dropped, with values in 3 rows";

        var wave = await plane.RunAsync("rehearse", "2026.11.2", "--wave", "2", "--reason", "before the weekend");

        Assert.Equal(ExitCodes.Blocked, wave.Exit);
        Golden.Matches("wave.txt", Golden.Steady(wave.Output));
        Assert.Contains("t2: passed: everything came out well.", wave.Error, StringComparison.Ordinal);
        Assert.Contains("t3: not passed: column-dropped", wave.Error, StringComparison.Ordinal);
        Assert.Equal(
            ["t2", "t3"],
            await plane.QueryAsync("select tenant from rehearsal where to_release = '2026.11.2' order by tenant")
        );
        Assert.Equal(
            2,
            (await plane.LedgerAsync("command")).Count(line =>
                line.Contains("before the weekend", StringComparison.Ordinal)
            )
        );
    }

    [Fact]
    public async Task A_wave_says_of_each_tenant_where_it_is_at_and_goes_on_when_one_cannot_be_done()
    {
        await using var plane = await StartAsync("db1", "db2", "db3", "db4", "db5");
        Script(plane).Obstacles["t2"] = "there is no backup of db2: tidegate backup run.";
        Script(plane).Refusals["t3"] = "sale_order is empty";
        Script(plane).Endless.Add("t4");
        await using var error = new Watched("\"subject\":\"t4\"");
        var answer = plane.RunAsync(error, "rehearse", "2026.11.2", "--wave", "2", "--json");
        await error.Seen.WaitAsync(TimeSpan.FromSeconds(30), Token);
        var endless = (await plane.QueryAsync("select id from job where subject = 't4'"))[0];
        await plane.SucceedAsync("job", "cancel", endless);

        var wave = await answer;

        Assert.Equal(ExitCodes.EndedBadly, wave.Exit);
        using var told = JsonDocument.Parse(wave.Output);
        Assert.Equal(
            [
                "t2 failed there is no backup of db2: tidegate backup run. -",
                "t3 not_passed - sale_order is empty",
                "t4 cancelled - -",
                "t5 passed - everything came out well.",
            ],
            told.RootElement.EnumerateArray().Select(Line)
        );
    }

    [Fact]
    public async Task A_rehearsal_that_cannot_be_done_or_is_cancelled_says_so_by_its_exit_code()
    {
        await using var plane = await StartAsync();
        Script(plane).Obstacles["t1"] = "there is no backup of db1: tidegate backup run.";
        Script(plane).Endless.Add("t2");
        await using var error = new Watched("t2: restoring the backup 75 % of 4 files");

        var failed = await plane.RunAsync("rehearse", "2026.11.2", "--tenant", "t1");
        var cancelled = plane.RunAsync(error, "rehearse", "2026.11.2", "--wave", "2");
        await error.Seen.WaitAsync(TimeSpan.FromSeconds(30), Token);
        await plane.SucceedAsync(
            "job",
            "cancel",
            (await plane.QueryAsync("select id from job where subject = 't2'"))[0]
        );

        Assert.Equal(ExitCodes.EndedBadly, failed.Exit);
        Assert.Contains("rehearsal of t1 failed: there is no backup of db1", failed.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Aborted, (await cancelled).Exit);
        Golden.Matches("wave-cancelled.txt", Golden.Steady((await cancelled).Output));
    }

    [Fact]
    public async Task Who_does_not_wait_gets_the_jobs_and_the_same_again_is_the_same_jobs()
    {
        await using var plane = await StartAsync();
        Script(plane).Endless.Add("t2");

        var first = await plane.RunAsync("rehearse", "2026.11.2", "--wave", "2", "--no-wait");
        var again = await plane.RunAsync("rehearse", "2026.11.2", "--wave", "2", "--no-wait");

        Golden.Matches("wave-no-wait.txt", Golden.Steady(first.Transcript));
        Assert.Equal(first.Output, again.Output);
        await MatchesAsync(plane, "no-wait.txt", "rehearse", "2026.11.2", "--tenant", "t1", "--no-wait");
        Assert.Equal(
            ["t1", "t2", "t3"],
            await plane.QueryAsync("select subject from job where kind = 'rehearsal' order by subject")
        );
    }

    [Fact]
    public async Task What_the_release_declares_to_go_reaches_the_rehearsal()
    {
        await using var plane = await StartAsync();
        var digest = $"sha256:{new string('4', 64)}";
        plane.Script.Bundles = plane.Script.Bundles.Add(ReleaseDigest.Create(digest));
        await plane.SucceedAsync([
            "release",
            "register",
            "--name",
            "2026.11.4",
            "--digest",
            digest,
            "--drop",
            "sale_order.note",
            "--drop",
            "x",
        ]);

        await plane.SucceedAsync("rehearse", "2026.11.4", "--tenant", "t1");
        await plane.SucceedAsync("rehearse", "2026.11.2", "--tenant", "t2");

        Assert.Equal(
            ["[\"sale_order.note\", \"x\"]", "none"],
            await plane.QueryAsync(
                "select coalesce(payload -> 'target' ->> 'declaredDrops', 'none') from job where kind = 'rehearsal' order by id"
            )
        );
    }

    [Fact]
    public async Task What_cannot_be_rehearsed_is_refused_and_nothing_is_ordered()
    {
        await using var plane = await StartAsync();

        await MatchesAsync(plane, "nothing-named.txt", "rehearse", "2026.11.2");
        await MatchesAsync(plane, "both-named.txt", "rehearse", "2026.11.2", "--tenant", "t1", "--wave", "1");
        await MatchesAsync(plane, "unknown-wave.txt", "rehearse", "2026.11.2", "--wave", "3");
        await MatchesAsync(plane, "unknown-tenant.txt", "rehearse", "2026.11.2", "--tenant", "t9");
        await MatchesAsync(plane, "unknown-release.txt", "rehearse", "2026.12.1", "--wave", "1");
        await MatchesAsync(plane, "runs-it-already.txt", "rehearse", "2026.11.1", "--tenant", "t1");
        await MatchesAsync(plane, "unknown-rehearsal.txt", "rehearsal", "show", "j-1");

        Assert.Empty(await plane.QueryAsync("select id from job where kind = 'rehearsal'"));
    }

    private Task<ScriptedControlPlane> StartAsync(params string[] databases) =>
        ScriptedControlPlane.StartAsync(
            cluster,
            services =>
                services
                    .AddSingleton<ScriptedRehearsals>()
                    .AddSingleton<IJobHandler>(provider => provider.GetRequiredService<ScriptedRehearsals>()),
            databases
        );

    private static ScriptedRehearsals Script(ScriptedControlPlane plane) =>
        plane.Services.GetRequiredService<ScriptedRehearsals>();

    private static async Task MatchesAsync(ScriptedControlPlane plane, string golden, params string[] arguments) =>
        Golden.Matches(golden, Golden.Steady((await plane.RunAsync(arguments)).Transcript));

    private static string Line(JsonElement rehearsed) =>
        string.Join(
            ' ',
            Text(rehearsed, "tenant"),
            Text(rehearsed, "outcome"),
            Text(rehearsed, "failure"),
            rehearsed.TryGetProperty("rehearsal", out var details) && details.ValueKind is JsonValueKind.Object
                ? Text(details.GetProperty("rehearsal"), "reason")
                : "-"
        );

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.GetString() is { } text ? text : "-";

    /// <summary>An error stream that says when a text was written to it.</summary>
    private sealed class Watched(string text) : StringWriter
    {
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Seen => _seen.Task;

        public override Task WriteLineAsync(string? value)
        {
            if (value?.Contains(text, StringComparison.Ordinal) is true)
            {
                _seen.TrySetResult();
            }

            return base.WriteLineAsync(value);
        }
    }
}
