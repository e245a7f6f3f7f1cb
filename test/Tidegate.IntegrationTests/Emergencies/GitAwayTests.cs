using Microsoft.Extensions.DependencyInjection;
using Tidegate.Cli;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Emergencies;
using Tidegate.ControlPlane.Following;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.IntegrationTests.Following;
using Tidegate.Simulator.Following;

namespace Tidegate.IntegrationTests.Emergencies;

/// <summary>An emergency while the real git repository cannot be reached, and what becomes of it when that is back.</summary>
public sealed class GitAwayTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private const string Blockers =
        "select coalesce(string_agg(code, ' ' order by code), '') from blocker where owner = 'emergency/production'";

    private const string Work = "select release_name || ' ' || state from planned_work order by id desc limit 1";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_git_says_when_it_is_back_is_named_and_does_not_undo_the_fix_before_the_review_is_closed()
    {
        using var home = new GitHome();
        await using var plane = await StartAsync(home);
        var repository = await FollowAsync(home, plane);

        repository.GoAway();
        var away = await plane.RunAsync("fleet", "sync");
        Assert.NotEqual(ExitCodes.Done, away.Exit);
        var emergency = await FixAsync(plane);

        // It asks for what it asked for before: nothing begins, and it is told.
        repository.ComeBack();
        await plane.SucceedAsync("fleet", "sync");
        await plane.UntilQueryAsync(Blockers, "release-not-in-git review-open");
        var shown = await plane.RunAsync("promotion", "show", "production");
        Assert.Contains(
            "git asks for 2026.11.1, and 3 of its tenants run 2026.11.2",
            shown.Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "commit release: 2026.11.2 in environments/production.yaml",
            shown.Output,
            StringComparison.Ordinal
        );
        Assert.Single(await plane.QueryAsync("select id from rollout"));

        var drift = await plane.RunAsync("drift", "show", "--environment", "production");
        Assert.Equal(ExitCodes.Blocked, drift.Exit);
        Assert.Contains("git does not ask for (release-not-in-git)", drift.Output, StringComparison.Ordinal);
        Assert.Contains("  - 2026.11.1, commit ", drift.Output, StringComparison.Ordinal);
        Assert.Contains("  + 2026.11.2, of 3 tenants", drift.Output, StringComparison.Ordinal);
        Assert.Contains($"emergency {emergency} by ", drift.Output, StringComparison.Ordinal);
        Assert.Contains(
            "release-not-in-git",
            (await plane.RunAsync("drift", "show", "--tenant", "t1", "--json")).Output,
            StringComparison.Ordinal
        );

        // Another release, from somebody who knew nothing of it: it waits, and says for what.
        Commit(repository, "Promote 2026.11.3", GitFleet.Environment("2026.11.3"));
        await plane.SucceedAsync("fleet", "sync");
        await plane.UntilQueryAsync(
            "select coalesce(string_agg(code, ' ' order by code), '') from blocker where owner = 'promotion/production'",
            "review-open"
        );
        Assert.Single(await plane.QueryAsync("select id from rollout"));

        Assert.IsType<EmergencyResult.Said>(
            await plane
                .Services.GetRequiredService<EmergencyDesk>()
                .CloseAsync(emergency, "person/bo", isService: false, "2026.11.3 has the fix", Token)
        );
        await plane.UntilQueryAsync(Work, "2026.11.3 done");
        await plane.UntilQueryAsync(Blockers, "");
        Assert.DoesNotContain(
            "release-not-in-git",
            (await plane.RunAsync("drift", "show")).Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_local_commit_that_is_pushed_afterwards_is_done_already()
    {
        using var home = new GitHome();
        await using var plane = await StartAsync(home);
        var repository = await FollowAsync(home, plane);
        repository.GoAway();
        await FixAsync(plane);
        await plane.UntilQueryAsync(Blockers, "release-not-in-git review-open");

        repository.ComeBack();
        Commit(repository, "2026.11.2, as it was released at night", GitFleet.Environment("2026.11.2"));
        await plane.SucceedAsync("fleet", "sync");

        await plane.UntilQueryAsync(Work, "2026.11.2 done");
        await plane.UntilQueryAsync(Blockers, "review-open");
        Assert.Single(await plane.QueryAsync("select id from rollout"));
    }

    /// <summary>Git asks for a release that was registered before the fix: also after the review a person has to say so.</summary>
    [Fact]
    public async Task A_release_older_than_the_fix_does_not_come_back_by_itself_not_even_after_the_review()
    {
        using var home = new GitHome();
        await using var plane = await StartAsync(home);
        var repository = await FollowAsync(home, plane);
        repository.GoAway();
        var emergency = await FixAsync(plane, "2026.11.3");
        repository.ComeBack();
        Commit(repository, "Promote 2026.11.2", GitFleet.Environment("2026.11.2"));
        await plane.SucceedAsync("fleet", "sync");

        await plane
            .Services.GetRequiredService<EmergencyDesk>()
            .CloseAsync(emergency, "person/bo", isService: false, "seen", Token);

        await plane.UntilQueryAsync(
            "select coalesce(string_agg(code, ' ' order by code), '') from blocker where owner = 'promotion/production'",
            "release-older"
        );
        await plane.UntilQueryAsync(Blockers, "release-not-in-git");
        Assert.Single(await plane.QueryAsync("select id from rollout"));
    }

    private Task<ScriptedControlPlane> StartAsync(GitHome home) =>
        ScriptedControlPlane.StartAsync(cluster, services => services.AddSingleton<IFleetSource>(home.Source));

    private static async Task<GitFolder> FollowAsync(GitHome home, ScriptedControlPlane plane)
    {
        var repository = home.Repository();
        Commit(repository, "The fleet", [.. GitFleet.Files, ("policies/careful.yaml", "start: automatic\n")]);
        await plane.SucceedAsync("fleet", "follow", repository.Address, "--interval", "1d");
        await plane.SucceedAsync("fleet", "sync");
        await plane.UntilQueryAsync(Work, "2026.11.1 done");
        return repository;
    }

    private static async Task<ControlPlane.Rollouts.EmergencyId> FixAsync(
        ScriptedControlPlane plane,
        string release = "2026.11.2"
    )
    {
        var fixing = await plane.RunAsync(
            "rollout",
            "start",
            "--release",
            release,
            "--emergency",
            "--reason",
            "the tills do not print",
            "--wait"
        );
        Assert.True(fixing.Exit == ExitCodes.Done, fixing.Transcript);
        return Assert
            .Single(await plane.Services.GetRequiredService<EmergencyDesk>().ListAsync(Visible.Everything, Token))
            .Id;
    }

    private static void Commit(GitFolder repository, string subject, params (string Path, string? Text)[] files) =>
        repository.Commit("main", NewCommit.Of(subject, files.Reverse().DistinctBy(file => file.Path)));
}
