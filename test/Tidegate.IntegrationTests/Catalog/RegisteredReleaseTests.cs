using System.Text.Json;
using Tidegate.Cli;
using Tidegate.ControlPlane.Catalog;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Catalog;

/// <summary>Registering, showing, comparing, judging and blocking releases: command line, API, PostgreSQL, object store and gates, all real.</summary>
public sealed class RegisteredReleaseTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private static readonly ModuleText First = [];

    private static ModuleText Second =>
        new()
        {
            ["__manifest__.py"] = GateSample
                .With("19.0.1.1.0", ["views.xml"])
                .Replace("'depends': ['base']", "'depends': ['base', 'sale']", StringComparison.Ordinal),
            ["views.xml"] =
                "<odoo><record id='view_promo' model='ir.ui.view'><field name='name'>P</field><field name='model'>res.partner</field><field name='arch' type='xml'><form><field name='name'/></form></field></record></odoo>",
            ["__init__.py"] = "from . import models\n",
            ["models.py"] =
                "from odoo import fields, models\n\n\nclass Partner(models.Model):\n    _inherit = 'res.partner'\n    promo = fields.Char()\n",
            ["migrations/19.0.1.1.0/post-fill.py"] = "def migrate(cr, version):\n    pass\n",
        };

    private static ModuleText Broken => new() { ["__init__.py"] = "import no_such_package_of_ours\n" };

    [Fact]
    public async Task Registering_again_changes_nothing_and_anything_else_under_the_name_is_refused()
    {
        await using var catalog = await CatalogPlane.StartAsync(cluster);
        var first = await catalog.RegisterAsync("1", First);
        var other = catalog.Build("2", Second);
        var plane = catalog.Plane;

        Assert.Equal(ExitCodes.Done, (await RegisterAsync(plane, "1", first)).Exit);
        Assert.Single(
            await plane.LedgerAsync("command"),
            line => line.EndsWith("register release 1", StringComparison.Ordinal)
        );

        Assert.Equal(ExitCodes.Conflict, (await RegisterAsync(plane, "1", other)).Exit);
        Assert.Equal(ExitCodes.Conflict, (await RegisterAsync(plane, "3", first)).Exit);
        Assert.Equal(ExitCodes.Conflict, (await RegisterAsync(plane, "1", first, "--summary", "other")).Exit);
        Assert.Equal(ExitCodes.Conflict, (await RegisterAsync(plane, "1", first, "--price-change", "TIPS")).Exit);
        Assert.Equal(
            ExitCodes.Conflict,
            (await RegisterAsync(plane, "1", first, "--risk", "high", "--risk-reason", "x")).Exit
        );
    }

    [Theory]
    [InlineData("--risk", "huge")]
    [InlineData("--risk", "low")]
    [InlineData("--summary", "two\nlines")]
    [InlineData("--commit", "main")]
    [InlineData("--commit", "--help-me")]
    public async Task What_cannot_be_kept_is_refused_and_nothing_is_registered(string option, string value)
    {
        await using var catalog = await CatalogPlane.StartAsync(cluster);
        var release = catalog.Build("1", First);

        var answer = await catalog.Plane.RunAsync(
            "release",
            "register",
            "--name",
            "1",
            "--digest",
            release.Digest.Value,
            $"{option}={value}"
        );

        Assert.Equal(ExitCodes.Usage, answer.Exit);
        Assert.Equal(ExitCodes.NotFound, (await catalog.Plane.RunAsync("release", "show", "1")).Exit);
    }

    [Fact]
    public async Task Of_registrations_that_come_at_once_one_content_wins_and_the_others_hear_of_it()
    {
        await using var catalog = await CatalogPlane.StartAsync(cluster);
        var release = catalog.Build("1", First);

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(index => RegisterAsync(catalog.Plane, "1", release, "--summary", $"{index % 2}"))
        );

        Assert.Equal(4, answers.Count(answer => answer.Exit == ExitCodes.Done));
        Assert.Equal(4, answers.Count(answer => answer.Exit == ExitCodes.Conflict));
        Assert.Single(
            await catalog.Plane.LedgerAsync("command"),
            line => line.EndsWith("register release 1", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_release_is_judged_by_the_server_and_shows_what_each_gate_said()
    {
        await using var catalog = await CatalogPlane.StartAsync(cluster);
        await catalog.RegisterAsync("1", First);
        await catalog.RegisterAsync("2", Second);
        var plane = catalog.Plane;

        var alone = await plane.RunAsync("release", "validate", "1", "--json");
        var against = await plane.RunAsync("release", "validate", "2", "--from", "1");

        Assert.True(alone.Exit == ExitCodes.Done, alone.Error);
        using var report = JsonDocument.Parse(alone.Output);
        Assert.Equal(
            "inconclusive",
            report
                .RootElement.GetProperty("gates")
                .EnumerateArray()
                .First(gate => gate.GetProperty("gate").GetString() is "versions")
                .GetProperty("verdict")
                .GetString()
        );
        Assert.True(against.Exit == ExitCodes.Done, against.Output + against.Error);
        Golden.Matches("validate.txt", Steady(against.Output));
        Golden.Matches("show.txt", Steady((await plane.RunAsync("release", "show", "2")).Transcript));
        Golden.Matches("show.json", Steady((await plane.RunAsync("release", "show", "2", "--json")).Transcript));
        Golden.Matches("list.txt", Steady((await plane.RunAsync("release", "list")).Transcript));
        Assert.Contains(
            await plane.LedgerAsync("outcome"),
            line => line.EndsWith("validation of release 2: 0 errors, 0 warnings", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_release_with_errors_fails_for_whoever_asks_whatever_they_claim()
    {
        await using var catalog = await CatalogPlane.StartAsync(cluster);
        await catalog.RegisterAsync("1", Broken);

        var answer = await catalog.Plane.RunAsync("release", "validate", "1");

        Assert.Equal(ExitCodes.Blocked, answer.Exit);
        Assert.Contains("import-missing", answer.Output, StringComparison.Ordinal);
        Assert.Contains(
            "1 error",
            (await catalog.Plane.RunAsync("release", "show", "1")).Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Two_releases_are_compared()
    {
        await using var catalog = await CatalogPlane.StartAsync(cluster);
        await catalog.RegisterAsync("1", First);
        await catalog.RegisterAsync("2", Second);
        var plane = catalog.Plane;

        Golden.Matches("diff.txt", Steady((await plane.RunAsync("release", "diff", "1", "2")).Transcript));
        Golden.Matches("diff.json", Steady((await plane.RunAsync("release", "diff", "1", "2", "--json")).Transcript));
        Golden.Matches("diff-back.txt", Steady((await plane.RunAsync("release", "diff", "2", "1")).Transcript));
        Assert.Contains(
            "nothing differs",
            (await plane.RunAsync("release", "diff", "1", "1")).Output,
            StringComparison.Ordinal
        );

        // The same from the store, without the control plane.
        var here = await plane.RunAsync(
            "release",
            "diff",
            "1",
            "2",
            "--home",
            plane.Home,
            "--cache",
            Path.Join(plane.Home, "c")
        );
        Assert.Equal((await plane.RunAsync("release", "diff", "1", "2")).Output, here.Output);
    }

    [Fact]
    public async Task A_blocked_release_is_taken_by_no_rollout_and_those_that_run_go_on()
    {
        await using var catalog = await CatalogPlane.StartAsync(cluster);
        var plane = catalog.Plane;
        var pause = plane.Script.PauseAt("t1", "copy");
        var rollout = await plane.StartRolloutAsync("2026.11.2");
        await pause.Reached;

        var block = await plane.RunAsync("release", "block", "2026.11.2", "--reason", "orders lose their discount");
        await plane.RunAsync("release", "block", "2026.11.2", "--reason", "another reason");
        pause.Release();
        await plane.RunAsync("rollout", "watch", rollout);

        Golden.Matches("block.txt", Golden.Steady(block.Transcript));
        Golden.Matches(
            "blocked-plan.txt",
            Golden.Steady((await plane.RunAsync("rollout", "plan", "--release", "2026.11.2")).Transcript)
        );
        Assert.Equal(
            ExitCodes.Blocked,
            (await plane.RunAsync("rollout", "start", "--release", "2026.11.2", "--older")).Exit
        );
        Assert.Contains(
            "completed",
            (await plane.RunAsync("rollout", "show", rollout)).Output,
            StringComparison.Ordinal
        );

        Golden.Matches(
            "unblock.txt",
            Golden.Steady(
                (await plane.RunAsync("release", "unblock", "2026.11.2", "--reason", "a wrong setting")).Transcript
            )
        );
        await plane.RunAsync("release", "unblock", "2026.11.2", "--reason", "once more");

        Assert.Equal(
            ["block release 2026.11.2: orders lose their discount", "unblock release 2026.11.2: a wrong setting"],
            (await plane.LedgerAsync("command"))
                .Where(line => line.Contains("block release", StringComparison.Ordinal))
                .Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])
        );
    }

    [Fact]
    public async Task Going_to_a_release_that_is_older_than_the_one_that_runs_needs_a_word()
    {
        await using var catalog = await CatalogPlane.StartAsync(cluster);
        var plane = catalog.Plane;
        await plane.RunAsync("rollout", "watch", await plane.StartRolloutAsync("2026.11.3"));

        var refused = await plane.RunAsync("rollout", "start", "--release", "2026.11.2");

        Golden.Matches("older.txt", Golden.Steady(refused.Transcript));
        Assert.Equal(ExitCodes.Blocked, (await plane.RunAsync("rollout", "plan", "--release", "2026.11.2")).Exit);
        Assert.Equal(
            ExitCodes.Done,
            (await plane.RunAsync("rollout", "plan", "--release", "2026.11.2", "--older")).Exit
        );
    }

    [Fact]
    public async Task Names_that_nobody_has_are_not_found_wherever_they_are_typed()
    {
        await using var catalog = await CatalogPlane.StartAsync(cluster);
        var plane = catalog.Plane;
        foreach (var name in new[] { "9", "../2026.11.1", "é/%2f", "a b" })
        {
            Assert.Equal(ExitCodes.NotFound, (await plane.RunAsync("release", "show", name)).Exit);
            Assert.Equal(ExitCodes.NotFound, (await plane.RunAsync("release", "validate", name)).Exit);
            Assert.Equal(ExitCodes.NotFound, (await plane.RunAsync("release", "diff", "2026.11.1x", name)).Exit);
            Assert.Equal(ExitCodes.NotFound, (await plane.RunAsync("release", "block", name, "--reason", "x")).Exit);
        }

        Assert.Equal(
            ExitCodes.NotFound,
            (await plane.RunAsync("release", "validate", "2026.11.1", "--from", "9")).Exit
        );
        Assert.Equal(ExitCodes.Usage, (await plane.RunAsync("release", "block", "2026.11.1", "--reason", " ")).Exit);
        Assert.Equal(
            ExitCodes.Usage,
            (await plane.RunAsync("release", "block", "2026.11.1", "--reason", "a\u001bb")).Exit
        );
        Assert.Equal(ExitCodes.Usage, (await plane.RunAsync("release", "block", "2026.11.1")).Exit);
    }

    private static Task<CliAnswer> RegisterAsync(
        ScriptedControlPlane plane,
        string name,
        ReleaseManifest release,
        params string[] more
    ) => plane.RunAsync(["release", "register", "--name", name, "--digest", release.Digest.Value, .. more]);

    /// <summary>Also without the digests of what the test's own folders hold: they follow from the samples.</summary>
    private static string Steady(string text) => ValidationIds.Replace(Golden.Steady(text), "v-0");

    private static readonly System.Text.RegularExpressions.Regex ValidationIds = new(
        "v-[0-9a-f]{32}",
        System.Text.RegularExpressions.RegexOptions.None,
        TimeSpan.FromSeconds(1)
    );
}
