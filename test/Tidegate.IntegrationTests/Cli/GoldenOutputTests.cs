using Tidegate.ControlPlane.Rollouts;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Cli;

/// <summary>What the command line prints, byte by byte: output, then what goes beside it, then the exit code.</summary>
public sealed class GoldenOutputTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    [Fact]
    public async Task Lists_read_as_they_always_did()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        await MatchesAsync(plane, "rollout-list-empty.txt", "rollout", "list");
        await MatchesAsync(plane, "checkpoint-list-empty.txt", "checkpoint", "list");

        await plane.RunAsync("rollout", "watch", await plane.StartRolloutAsync());

        await MatchesAsync(plane, "release-list.txt", "release", "list");
        await MatchesAsync(plane, "release-list.json", "release", "list", "--json");
        await MatchesAsync(plane, "tenant-list.txt", "tenant", "list");
        await MatchesAsync(plane, "tenant-list.json", "tenant", "list", "--json");
        await MatchesAsync(plane, "rollout-list.txt", "rollout", "list");
        await MatchesAsync(plane, "rollout-list.json", "rollout", "list", "--json");
        await MatchesAsync(plane, "checkpoint-list.txt", "checkpoint", "list");
        await MatchesAsync(plane, "checkpoint-list.json", "checkpoint", "list", "--json");
    }

    [Fact]
    public async Task A_plan_made_from_the_fleet_reads_as_it_always_did()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);

        await MatchesAsync(plane, "rollout-plan.txt", "rollout", "plan", "--release", "2026.11.2");
        await MatchesAsync(plane, "rollout-plan.json", "rollout", "plan", "--release", "2026.11.2", "--json");
        await MatchesAsync(plane, "rollout-plan-nobody.txt", "rollout", "plan", "--release", "2026.11.1");
    }

    [Fact]
    public async Task A_rollout_that_went_well_reads_as_it_always_did()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var rollout = await plane.StartRolloutAsync("2026.11.2", "--concurrency", "1");
        await plane.RunAsync("rollout", "watch", rollout);

        await MatchesAsync(plane, "completed-show.txt", "rollout", "show", rollout);
        await MatchesAsync(plane, "completed-show.json", "rollout", "show", rollout, "--json");
        await MatchesAsync(plane, "completed-watch.txt", "rollout", "watch", rollout);
        await MatchesAsync(plane, "completed-watch.json", "rollout", "watch", rollout, "--json");
        await MatchesAsync(plane, "completed-abort.txt", "rollout", "abort", rollout);
        await MatchesAsync(plane, "completed-resume.txt", "rollout", "resume", rollout);
    }

    [Fact]
    public async Task A_rollout_that_went_back_reads_as_it_always_did()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        plane.Script.AnswerOnce(
            "t1",
            "verify",
            new StepOutcome.Failed("TIPS costs 0.90 USD instead of 1.00 USD.", "r/t1/verification.json")
        );
        var rollout = await plane.StartRolloutAsync();
        await plane.RunAsync("rollout", "watch", rollout);

        await MatchesAsync(plane, "rolled-back-show.txt", "rollout", "show", rollout);
        await MatchesAsync(plane, "rolled-back-watch.txt", "rollout", "watch", rollout);
        await MatchesAsync(plane, "rolled-back-watch.json", "rollout", "watch", rollout, "--json");
    }

    [Fact]
    public async Task A_rollout_that_asks_and_is_aborted_reads_as_it_always_did()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        plane.Script.AnswerOnce(
            "t1",
            "copy",
            new StepOutcome.Unknown("The site has seen a newer control plane for t1.")
        );
        var rollout = await plane.StartRolloutAsync();
        await plane.UntilAsync(rollout, "asks a person");

        await MatchesAsync(plane, "asking-show.txt", "rollout", "show", rollout);
        await MatchesAsync(plane, "asking-abort.txt", "rollout", "abort", rollout);
        await MatchesAsync(plane, "asking-resume.txt", "rollout", "resume", rollout);
        await plane.RunAsync("rollout", "watch", rollout);
        await MatchesAsync(plane, "aborted-watch.txt", "rollout", "watch", rollout);
        await MatchesAsync(plane, "aborted-resume.json", "rollout", "resume", rollout, "--json");
    }

    [Fact]
    public async Task Refusals_read_as_they_always_did()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);

        await MatchesAsync(plane, "unknown-release.txt", "rollout", "plan", "--release", "2026.12.1");
        await MatchesAsync(plane, "unknown-release.json", "rollout", "start", "--release", "2026.12.1", "--json");
        await MatchesAsync(plane, "unknown-tenant.txt", "rollout", "plan", "--release", "2026.11.2", "--canary", "t9");
        await MatchesAsync(
            plane,
            "unknown-environment.txt",
            "rollout",
            "plan",
            "--release",
            "2026.11.2",
            "-e",
            "staging"
        );
        await MatchesAsync(plane, "unknown-rollout.txt", "rollout", "show", "r-1");
        await MatchesAsync(plane, "unknown-rollout-watch.txt", "rollout", "watch", "r-1");
        await MatchesAsync(plane, "unknown-checkpoint.txt", "checkpoint", "drop", "u-1", "--yes");
        await MatchesAsync(plane, "unconfirmed-drop.txt", "checkpoint", "drop", "u-1");
        await MatchesAsync(plane, "stale-plan.txt", "rollout", "start", "--release", "2026.11.2", "--plan", "sha256:0");
        await MatchesAsync(plane, "nobody-left.txt", "rollout", "start", "--release", "2026.11.1");
        await MatchesAsync(plane, "wrong-rules.txt", "rollout", "plan", "--release", "2026.11.2", "--concurrency", "0");
        await MatchesAsync(plane, "typo.txt", "rollout", "satrt");
        await MatchesAsync(
            plane,
            "wrong-digest.txt",
            "release",
            "register",
            "--name",
            "2026.12.1",
            "--digest",
            "sha256:12"
        );
    }

    private static async Task MatchesAsync(ScriptedControlPlane plane, string golden, params string[] arguments)
    {
        var answer = await plane.RunAsync(arguments);
        Golden.Matches(golden, Golden.Steady(answer.Transcript));
    }
}
