using Microsoft.Extensions.DependencyInjection;
using Tidegate.Cli;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Emergencies;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.IntegrationTests.Approvals;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Emergencies;

/// <summary>One person goes past approvals, everything is recorded, and nothing ordinary goes on until somebody else has looked.</summary>
public sealed class EmergencyTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private static readonly EnvironmentPolicy Policy = ApprovalPlane.Policy with
    {
        Emergency = new() { Overrides = [EmergencyPolicy.Approved] },
    };

    private static readonly string[] Start =
    [
        "rollout",
        "start",
        "--release",
        "2026.11.2",
        "--emergency",
        "--reason",
        "the tills do not print",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_person_releases_and_the_review_blocks_the_next_until_it_is_closed()
    {
        await using var plane = await ApprovalPlane.StartAsync(cluster);
        await plane.GovernAsync(Policy);

        var unnamed = await plane.Plane.RunAsync(Start);
        Assert.Equal(ExitCodes.Blocked, unnamed.Exit);
        Assert.Contains("gate approved", unnamed.Error, StringComparison.Ordinal);
        var never = await plane.Plane.RunAsync([.. Start, "--override", "checkpoint"]);
        Assert.Contains("nothing goes past checkpoint", never.Error, StringComparison.Ordinal);

        var started = await plane.Plane.RunAsync([.. Start, "--override", "approved", "--wait"]);
        Assert.True(started.Exit == ExitCodes.Done, started.Transcript);
        var emergency = Assert.Single(await Desk(plane).ListAsync(Visible.Everything, Token));
        Assert.Contains(
            await plane.Plane.LedgerAsync("command"),
            line =>
                line.Contains(
                    $"emergency {emergency.Id} in production, past git and approved: the tills do not print",
                    StringComparison.Ordinal
                )
        );
        await plane.Plane.UntilQueryAsync(
            "select coalesce(string_agg(code, ' '), '') from blocker where owner = 'emergency/production'",
            "review-open"
        );

        // Whoever began it reviews nothing, by whichever account; somebody else does.
        var own = await plane.Plane.RunAsync("emergency", "close", emergency.Id.Value, "--reason", "fine");
        Assert.Equal(ExitCodes.Blocked, own.Exit);
        Assert.Contains("oz began emergency", own.Error, StringComparison.Ordinal);
        await plane.GovernAsync(EnvironmentPolicy.Default);
        var next = await plane.Plane.RunAsync("rollout", "start", "--release", "2026.11.3");
        Assert.Equal(ExitCodes.Blocked, next.Exit);
        Assert.Contains($"tidegate emergency close {emergency.Id}", next.Error, StringComparison.Ordinal);

        Assert.IsType<EmergencyResult.Said>(
            await Desk(plane).CloseAsync(emergency.Id, "person/bo", isService: false, "the fix is in git", Token)
        );
        await plane.Plane.UntilQueryAsync(
            "select count(*)::text from blocker where owner = 'emergency/production'",
            "0"
        );
        await plane.Plane.StartRolloutAsync("2026.11.3");
    }

    [Fact]
    public async Task Without_a_second_person_in_time_the_rollout_halts()
    {
        await using var plane = await ApprovalPlane.StartAsync(cluster);
        await plane.GovernAsync(
            Policy with
            {
                Emergency = Policy.Emergency with { SecondWithin = TimeSpan.FromSeconds(1) },
            }
        );
        plane.Plane.Script.AnswerOnce(
            "t1",
            "copy",
            new StepOutcome.Unknown("The site has seen a newer control plane.")
        );

        await plane.Plane.RunAsync([.. Start, "--override", "approved"]);

        await plane.Plane.UntilQueryAsync("select said from emergency_word", "halted");
        await plane.Plane.UntilQueryAsync(
            "select (aborted_by is not null)::text from rollout where kind = 'release'",
            "true"
        );
        var emergency = Assert.Single(await Desk(plane).ListAsync(Visible.Everything, Token));
        Assert.IsType<EmergencyResult.Refused>(
            await Desk(plane).SecondAsync(emergency.Id, "person/bo", isService: false, null, Token)
        );
    }

    [Fact]
    public async Task A_second_person_in_time_lets_it_go_on_and_what_is_printed_reads_as_it_always_did()
    {
        await using var plane = await ApprovalPlane.StartAsync(cluster);
        await plane.GovernAsync(Policy);
        await MatchesAsync(plane, "emergency-list-empty.txt", "list");
        await plane.Plane.RunAsync([.. Start, "--override", "approved", "--wait"]);
        var emergency = Assert.Single(await Desk(plane).ListAsync(Visible.Everything, Token));
        var id = emergency.Id.Value;

        await MatchesAsync(plane, "emergency-list.txt", "list");
        await MatchesAsync(plane, "emergency-show.txt", "show", id);
        await MatchesAsync(plane, "emergency-second-own.txt", "second", id);
        Assert.IsType<EmergencyResult.Said>(
            await Desk(plane).SecondAsync(emergency.Id, "person/bo", isService: false, "seen", Token)
        );
        Assert.IsType<EmergencyResult.Refused>(
            await Desk(plane).CloseAsync(emergency.Id, "service/ci", isService: true, "seen", Token)
        );
        await Desk(plane).CloseAsync(emergency.Id, "person/bo", isService: false, "the fix is in git", Token);
        await MatchesAsync(plane, "emergency-show.json", "show", id, "--json");
        await MatchesAsync(plane, "emergency-show-unknown.txt", "show", "e-1");
    }

    private static EmergencyDesk Desk(ApprovalPlane plane) => plane.Plane.Services.GetRequiredService<EmergencyDesk>();

    private static async Task MatchesAsync(ApprovalPlane plane, string golden, params string[] arguments)
    {
        var answer = await plane.Plane.RunAsync(["emergency", .. arguments]);
        Golden.Matches(golden, Golden.Steady(answer.Transcript));
    }
}
