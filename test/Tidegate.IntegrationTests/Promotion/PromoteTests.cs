using Tidegate.Cli;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Promotion;

/// <summary><c>tidegate promote</c> on real git repositories, asking a real control plane.</summary>
public sealed class PromoteTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>, IAsyncLifetime
{
    private PromotionPlane? plane;

    public async ValueTask InitializeAsync()
    {
        plane = await PromotionPlane.StartAsync(cluster);
        await plane.AskAsync(PromotionPlane.Terms("production", 1), PromotionPlane.Terms("staging", 1));
    }

    public async ValueTask DisposeAsync()
    {
        if (plane is not null)
        {
            await plane.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_promotion_is_a_commit_of_one_line_under_the_persons_own_name()
    {
        using var fleet = new FleetRepository("fleet");
        fleet.Put("../other.txt", "not of the fleet\n");

        var answer = await PromoteAsync(fleet);

        Assert.True(answer.Exit == ExitCodes.Done, answer.Error);
        Assert.Equal(
            FleetRepository.Production.Replace("2026.11.1 ", "2026.11.2 ", StringComparison.Ordinal),
            fleet.Read("environments/production.yaml")
        );
        Assert.Equal($"digest: sha256:{new string('2', 64)}\n", fleet.Read("releases/2026.11.2.yaml"));
        Assert.Equal(
            "Ann Lee <ann@example.com>|Promote 2026.11.2 to production\n",
            fleet.Git("log", "-1", "--format=%an <%ae>|%s")
        );
        Assert.Equal(
            "fleet/environments/production.yaml\nfleet/releases/2026.11.2.yaml\n",
            fleet.Git("diff", "--name-only", "HEAD~1", "HEAD")
        );
        Assert.Equal("?? other.txt\n", fleet.Status);
        Assert.Contains(fleet.Head, answer.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await plane!.Plane.RunAsync("fleet", "validate", fleet.Folder)).Exit);
    }

    [Fact]
    public async Task Asking_for_what_is_asked_for_already_changes_nothing()
    {
        using var fleet = new FleetRepository();
        await PromoteAsync(fleet);
        var head = fleet.Head;

        var again = await PromoteAsync(fleet);

        Assert.Equal((ExitCodes.Done, "production asks for 2026.11.2 already\n"), (again.Exit, again.Output));
        Assert.Equal(head, fleet.Head);
    }

    [Fact]
    public async Task A_patch_gives_the_very_same_tree_as_the_commit_and_leaves_the_repository_alone()
    {
        using var fleet = new FleetRepository("fleets/é [x] *");
        var before = fleet.Head;
        var objects = fleet.Git("count-objects");

        var printed = await PromoteAsync(fleet, "--print");

        Assert.True(printed.Exit == ExitCodes.Done, printed.Error);
        Assert.Equal((before, "", objects), (fleet.Head, fleet.Status, fleet.Git("count-objects")));
        fleet.Ask(printed.Output, "apply", "--index");
        fleet.Git("commit", "--quiet", "-m", "by hand");
        var applied = fleet.Git("rev-parse", "HEAD^{tree}");
        fleet.Git("reset", "--quiet", "--hard", before);
        await PromoteAsync(fleet);
        Assert.Equal(applied, fleet.Git("rev-parse", "HEAD^{tree}"));
    }

    [Theory]
    [InlineData("changed", "tidegate.yaml")]
    [InlineData("untracked", "environments/new.yaml")]
    [InlineData("staged elsewhere", "staged")]
    [InlineData("merge", "a merge is under way")]
    [InlineData("detached", "HEAD is on no branch")]
    public async Task What_a_person_has_begun_is_not_taken_along(string state, string told)
    {
        using var fleet = new FleetRepository("fleet");
        switch (state)
        {
            case "changed":
                fleet.Put("tidegate.yaml", "organisation: Other Shops\n");
                break;
            case "untracked":
                fleet.Put("environments/new.yaml", "{}\n");
                break;
            case "staged elsewhere":
                fleet.Put("../other.txt", "x\n");
                fleet.Git("add", "other.txt");
                break;
            case "merge":
                fleet.Git("switch", "--quiet", "--create", "side");
                fleet.Git("commit", "--quiet", "--allow-empty", "-m", "side");
                fleet.Git("switch", "--quiet", "main");
                fleet.Git("merge", "--quiet", "--no-ff", "--no-commit", "side");
                break;
            default:
                fleet.Git("switch", "--quiet", "--detach");
                break;
        }

        var (head, status) = (fleet.Head, fleet.Status);
        var answer = await PromoteAsync(fleet);

        Assert.Equal(ExitCodes.Blocked, answer.Exit);
        Assert.Contains(told, answer.Error, StringComparison.Ordinal);
        Assert.Equal((head, status), (fleet.Head, fleet.Status));
        Assert.Equal(FleetRepository.Production, fleet.Read("environments/production.yaml"));
    }

    [Fact]
    public async Task Where_no_branch_is_a_patch_can_be_printed()
    {
        using var fleet = new FleetRepository();
        fleet.Git("switch", "--quiet", "--detach");

        Assert.Equal(ExitCodes.Done, (await PromoteAsync(fleet, "--print")).Exit);
    }

    [Theory]
    [InlineData("hook", "the hook says no")]
    [InlineData("nobody", "ident")]
    public async Task Where_git_refuses_the_commit_everything_is_as_it_was(string state, string told)
    {
        using var fleet = new FleetRepository();
        if (state is "hook")
        {
            var hook = Path.Combine(fleet.Root, ".git", "hooks", "pre-commit");
            await File.WriteAllTextAsync(
                hook,
                "#!/bin/sh\necho the hook says no >&2\nexit 1\n",
                TestContext.Current.CancellationToken
            );
            File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        else
        {
            fleet.Git("config", "user.name", "");
        }

        var head = fleet.Head;
        var answer = await PromoteAsync(fleet);

        Assert.Equal(ExitCodes.Failed, answer.Exit);
        Assert.Contains(told, answer.Error, StringComparison.Ordinal);
        Assert.Equal((head, ""), (fleet.Head, fleet.Status));
        Assert.False(fleet.Has("releases/2026.11.2.yaml"));
        Assert.Equal(FleetRepository.Production, fleet.Read("environments/production.yaml"));
    }

    [Fact]
    public async Task A_closed_gate_stops_it_unless_the_person_asks_ahead()
    {
        using var fleet = new FleetRepository();
        await plane!.Plane.RunAsync("release", "block", "2026.11.2", "--reason", "orders lose their discount");
        var head = fleet.Head;

        var refused = await PromoteAsync(fleet);
        Assert.Equal(ExitCodes.Blocked, refused.Exit);
        Assert.Contains("orders lose their discount", refused.Error, StringComparison.Ordinal);
        Assert.Equal((head, ""), (fleet.Head, fleet.Status));

        var ahead = await PromoteAsync(fleet, "--ahead");
        Assert.Equal(ExitCodes.Done, ahead.Exit);
        Assert.Contains("release: 2026.11.2", fleet.Read("environments/production.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pushing_takes_the_commit_to_where_the_branch_came_from()
    {
        using var fleet = new FleetRepository();
        var origin = fleet.AddOrigin();

        var answer = await PromoteAsync(fleet, "--push");

        Assert.True(answer.Exit == ExitCodes.Done, answer.Error);
        Assert.Equal(fleet.Head, fleet.Git("-C", origin, "rev-parse", "main").Trim());
    }

    [Fact]
    public async Task Where_somebody_else_was_quicker_the_commit_stays_and_can_be_pushed_later()
    {
        using var fleet = new FleetRepository();
        var origin = fleet.AddOrigin();
        fleet.PushElsewhere(origin);

        var answer = await PromoteAsync(fleet, "--push");
        Assert.Equal(ExitCodes.Conflict, answer.Exit);
        Assert.Contains("git did not push", answer.Error, StringComparison.Ordinal);

        fleet.Git("pull", "--quiet", "--rebase");
        var again = await PromoteAsync(fleet, "--push");
        Assert.Equal((ExitCodes.Done, "production asks for 2026.11.2 already\n"), (again.Exit, again.Output));
        Assert.Equal(fleet.Head, fleet.Git("-C", origin, "rev-parse", "main").Trim());
    }

    [Fact]
    public async Task A_release_that_the_fleet_has_with_another_digest_is_a_conflict_of_two_truths()
    {
        using var fleet = new FleetRepository();
        fleet.Put("releases/2026.11.2.yaml", $"digest: sha256:{new string('9', 64)}\n");
        fleet.Git("add", ".");
        fleet.Git("commit", "--quiet", "-m", "another");

        var answer = await PromoteAsync(fleet);

        Assert.Equal(ExitCodes.Blocked, answer.Exit);
        Assert.Contains(Plans.New.Digest.Value, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_that_would_break_the_fleet_is_not_written()
    {
        using var fleet = new FleetRepository();
        fleet.Put("releases/other.yaml", $"digest: {Plans.New.Digest}\n");
        fleet.Git("add", ".");
        fleet.Git("commit", "--quiet", "-m", "the same under another name");

        var answer = await PromoteAsync(fleet);

        Assert.Equal(ExitCodes.Blocked, answer.Exit);
        Assert.Contains("the fleet would be broken with it", answer.Error, StringComparison.Ordinal);
        Assert.Empty(fleet.Status);
    }

    [Fact]
    public async Task A_folder_without_a_repository_is_no_fleet_in_git()
    {
        using var fleet = new FleetRepository();
        Directory.Delete(Path.Combine(fleet.Root, ".git"), recursive: true);

        var answer = await PromoteAsync(fleet);

        Assert.Equal(ExitCodes.Usage, answer.Exit);
        Assert.Contains("no git repository", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_without_a_commit_is_not_fit_yet()
    {
        using var fleet = new FleetRepository();
        Directory.Delete(Path.Combine(fleet.Root, ".git"), recursive: true);
        fleet.Git("init", "--quiet");

        Assert.Equal(ExitCodes.Blocked, (await PromoteAsync(fleet)).Exit);
    }

    [Theory]
    [InlineData("2026.12.1", "production", ExitCodes.NotFound)]
    [InlineData("2026.11.2", "pilot", ExitCodes.NotFound)]
    [InlineData("../x", "production", ExitCodes.Usage)]
    [InlineData("2026.11.2;rm", "production", ExitCodes.Usage)]
    [InlineData("2026.11.2\nrelease: x", "production", ExitCodes.Usage)]
    [InlineData("", "production", ExitCodes.Usage)]
    [InlineData("2026.11.2", "../../etc/passwd", ExitCodes.Usage)]
    [InlineData("2026.11.2", "Production", ExitCodes.Usage)]
    [InlineData("2026.11.2", "production/../staging", ExitCodes.Usage)]
    public async Task Names_that_are_none_are_refused_before_anything_is_touched(string release, string to, int exit)
    {
        using var fleet = new FleetRepository();
        var head = fleet.Head;

        var answer = await plane!.Plane.RunAsync("promote", release, "--to", to, "--fleet", fleet.Folder);

        Assert.Equal(exit, answer.Exit);
        Assert.StartsWith("error: ", answer.Error, StringComparison.Ordinal);
        Assert.Equal((head, ""), (fleet.Head, fleet.Status));
    }

    [Fact]
    public async Task What_it_prints_reads_as_it_always_did()
    {
        using var fleet = new FleetRepository();
        await plane!.Plane.RunAsync("release", "block", "2026.11.3", "--reason", "orders lose their discount");

        await MatchesAsync(fleet, "promote-print.txt", "2026.11.2", "--print");
        await MatchesAsync(fleet, "promote-print.json", "2026.11.2", "--print", "--json");
        await MatchesAsync(fleet, "promote-refused.txt", "2026.11.3");
        await MatchesAsync(fleet, "promote-refused.json", "2026.11.3", "--json");
        await MatchesAsync(fleet, "promote.txt", "2026.11.2");
        await MatchesAsync(fleet, "promote-asked.txt", "2026.11.2");
        await MatchesAsync(fleet, "promote-asked.json", "2026.11.2", "--json");
        await MatchesAsync(fleet, "promote-ahead.txt", "2026.11.3", "--ahead");
        await MatchesAsync(fleet, "promote-both.txt", "2026.11.3", "--print", "--push");
    }

    private async Task MatchesAsync(FleetRepository fleet, string golden, params string[] arguments)
    {
        var answer = await plane!.Plane.RunAsync([
            "promote",
            "--to",
            "production",
            "--fleet",
            fleet.Folder,
            .. arguments,
        ]);
        var text = Golden.Steady(answer.Transcript).Replace(fleet.Head, "COMMIT", StringComparison.Ordinal);
        Golden.Matches(golden, text.Replace(fleet.Folder, "FLEET", StringComparison.Ordinal));
    }

    private Task<CliAnswer> PromoteAsync(FleetRepository fleet, params string[] more) =>
        plane!.Plane.RunAsync(["promote", "2026.11.2", "--to", "production", "--fleet", fleet.Folder, .. more]);
}
