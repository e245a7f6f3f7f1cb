using System.Text.Json;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.IntegrationTests.Runtimes;

public sealed class ProcessLauncherTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Starting_twice_is_starting_once()
    {
        await using var home = new LauncherHome();

        var first = await home.Launcher.EnsureAsync(home.Shell("one", "sleep 300"), Cancelled);
        var second = await home.Another().EnsureAsync(home.Shell("one", "sleep 300"), Cancelled);

        Assert.Equal(first.Pid, second.Pid);
    }

    [Fact]
    public async Task Many_starters_at_once_make_one_process()
    {
        await using var home = new LauncherHome();
        var starters = Enumerable
            .Range(0, 6)
            .Select(_ =>
                Task.Run(() => home.Another().EnsureAsync(home.Shell("one", "sleep 300"), Cancelled), Cancelled)
            );

        var started = await Task.WhenAll(starters);

        Assert.Single(started.Select(record => record.Pid).Distinct());
    }

    [Fact]
    public async Task A_process_whose_starter_died_before_it_wrote_the_record_is_found()
    {
        await using var home = new LauncherHome();
        var started = await home.Launcher.EnsureAsync(home.Shell("one", "exec sleep 300"), Cancelled);
        File.Delete(Path.Combine(home.Folder, "one.json"));

        var again = await home.Another().EnsureAsync(home.Shell("one", "exec sleep 300"), Cancelled);

        Assert.Equal(started.Pid, again.Pid);
        Assert.Equal(started.StartTicks, again.StartTicks);
        Assert.Equal(["sleep", "300"], again.Argv);
    }

    [Fact]
    public async Task A_record_whose_pid_is_another_process_now_is_not_ours()
    {
        await using var home = new LauncherHome();
        var stranger = await home.Launcher.EnsureAsync(home.Shell("stranger", "sleep 300"), Cancelled);
        var stale = stranger with { Name = "one", StartTicks = stranger.StartTicks - 1 };
        await File.WriteAllTextAsync(
            Path.Combine(home.Folder, "one.json"),
            JsonSerializer.Serialize(stale, JsonSerializerOptions.Web),
            Cancelled
        );

        Assert.Null(home.Launcher.Find("one"));
        await home.Launcher.StopAsync("one", StopManner.Gently(Long), Cancelled);

        Assert.True(LauncherHome.Lives(stranger.Pid));
    }

    [Fact]
    public async Task A_zombie_is_dead()
    {
        await using var home = new LauncherHome();
        // The inner shell is started, forgotten and never read by its parent, which has become sleep.
        var parent = await home.Launcher.EnsureAsync(
            home.Shell("parent", "sh -c 'echo $$ >child; exit 0' & exec sleep 300"),
            Cancelled
        );
        var file = Path.Combine(home.Folder, "child");
        await LauncherHome.UntilAsync(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'));
        var child = int.Parse(
            await File.ReadAllTextAsync(file, Cancelled),
            System.Globalization.CultureInfo.InvariantCulture
        );
        await LauncherHome.UntilAsync(() => !LauncherHome.Lives(child));
        var ticks = (await File.ReadAllTextAsync($"/proc/{child}/stat", Cancelled)).Split(' ')[21];
        var record = parent with
        {
            Name = "one",
            Pid = child,
            StartTicks = long.Parse(ticks, System.Globalization.CultureInfo.InvariantCulture),
        };
        await File.WriteAllTextAsync(
            Path.Combine(home.Folder, "one.json"),
            JsonSerializer.Serialize(record, JsonSerializerOptions.Web),
            Cancelled
        );

        Assert.Null(home.Launcher.Find("one"));
    }

    [Fact]
    public async Task Stopping_ends_everything_the_process_started_even_what_does_not_listen()
    {
        await using var home = new LauncherHome();
        const string Stubborn = "trap '' TERM; setsid sleep 300 & sleep 300 & wait; wait; wait; sleep 300";
        await home.Launcher.EnsureAsync(home.Shell("one", Stubborn), Cancelled);

        await home.Launcher.StopAsync("one", StopManner.Gently(TimeSpan.FromMilliseconds(200)), Cancelled);

        Assert.Empty(home.Launcher.Names());
        Assert.False(File.Exists(Path.Combine(home.Folder, "one.json")));
    }

    [Fact]
    public async Task Stopping_lets_the_process_finish_inside_the_bound()
    {
        await using var home = new LauncherHome();
        await home.Launcher.EnsureAsync(
            home.Shell("one", "trap 'echo finished; exit 0' TERM; echo ready; while :; do sleep 0.02; done"),
            Cancelled
        );
        var log = Path.Combine(home.Folder, "one.log");
        await LauncherHome.UntilAsync(() =>
            File.Exists(log) && File.ReadAllText(log).Contains("ready", StringComparison.Ordinal)
        );

        await home.Launcher.StopAsync("one", StopManner.Gently(Long), Cancelled);

        Assert.Contains("finished", await File.ReadAllTextAsync(log, Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_is_wanted_again_while_the_last_one_is_stopped_is_left_alone()
    {
        await using var home = new LauncherHome();
        var again = await home.Launcher.EnsureAsync(home.Shell("one", "exec sleep 300"), Cancelled);

        await home.Another().StopAsync("one", StopManner.AtOnce, isWantedAgain: () => true, Cancelled);

        Assert.Equal(again.Pid, home.Launcher.Find("one")?.Pid);
    }

    [Fact]
    public async Task Children_that_survive_their_leader_are_ended_before_it_is_started_again()
    {
        await using var home = new LauncherHome();
        var spec = home.Shell("one", "sleep 300 & echo $! >child; wait");
        var first = await home.Launcher.EnsureAsync(spec, Cancelled);
        var file = Path.Combine(home.Folder, "child");
        await LauncherHome.UntilAsync(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'));
        var child = int.Parse(
            await File.ReadAllTextAsync(file, Cancelled),
            System.Globalization.CultureInfo.InvariantCulture
        );
        LauncherHome.Kill(first.Pid);
        await LauncherHome.UntilAsync(() => !LauncherHome.Lives(first.Pid));

        var second = await home.Launcher.EnsureAsync(spec, Cancelled);

        Assert.NotEqual(first.Pid, second.Pid);
        Assert.False(LauncherHome.Lives(child));
    }

    [Fact]
    public async Task What_was_removed_on_purpose_is_not_started_by_one_who_did_not_know()
    {
        await using var home = new LauncherHome();
        var wanted = Path.Combine(home.Folder, "wanted");
        var late = home.Shell("one", "sleep 300") with { WantedFile = wanted };

        var refusal = await Assert.ThrowsAsync<ProcessStartException>(() => home.Launcher.EnsureAsync(late, Cancelled));

        Assert.Contains("no longer wanted", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(home.Launcher.Names());
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named_with_what_came_back()
    {
        await using var home = new LauncherHome();
        var missing = home.Shell("one", "") with { Argv = ["/nowhere/program"] };

        var refusal = await Assert.ThrowsAsync<ProcessStartException>(() =>
            home.Launcher.EnsureAsync(missing, Cancelled)
        );

        Assert.Contains("/nowhere/program", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environment_is_what_was_asked_for_and_nothing_else()
    {
        await using var home = new LauncherHome();
        var log = Path.Combine(home.Folder, "one.log");
        await home.Launcher.EnsureAsync(home.Shell("one", "env; echo end; sleep 300"), Cancelled);
        await LauncherHome.UntilAsync(() =>
            File.Exists(log) && File.ReadAllText(log).Contains("end", StringComparison.Ordinal)
        );

        var names = (await File.ReadAllLinesAsync(log, Cancelled))
            .Where(line => line.Contains('='))
            .Select(line => line.Split('=')[0])
            .Except(["OLDPWD", "_", "SHLVL"], StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);

        Assert.Equal("PATH PWD TIDEGATE_LEADER TIDEGATE_PROCESS", string.Join(' ', names));
    }
}
