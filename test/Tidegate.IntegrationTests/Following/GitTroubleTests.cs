using System.Diagnostics;
using Tidegate.ControlPlane.Following;
using Tidegate.Drivers.Git;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Simulator.Following;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Following;

/// <summary>A mirror that was damaged, is busy, or whose git was killed; repositories that are odd or mean harm.</summary>
public sealed class GitTroubleTests : IDisposable
{
    private readonly GitHome home = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task What_a_killed_first_fetch_left_is_made_anew()
    {
        var (repository, head) = Repository();
        await home.FetchAsync(repository);
        var draft = Path.ChangeExtension(home.Mirror, ".making");
        Directory.Move(home.Mirror, draft);
        File.Delete(Path.Join(draft, "HEAD"));
        File.WriteAllText(Path.Join(draft, "config.lock"), "");

        Assert.Equal(new FetchResult.At(head), await home.FetchAsync(repository));

        Assert.False(Directory.Exists(draft));
    }

    [Fact]
    public async Task Locks_that_a_killed_git_left_do_not_stop_the_next()
    {
        var (repository, _) = Repository();
        await home.FetchAsync(repository);
        var references = Directory.GetFiles(Path.Join(home.Mirror, "refs"), "*", SearchOption.AllDirectories);
        foreach (var reference in references.Append(Path.Join(home.Mirror, "packed-refs")))
        {
            File.WriteAllText($"{reference}.lock", "");
        }

        var next = repository.Commit("main", NewCommit.Of("next", ("n", "2")));

        Assert.Equal(new FetchResult.At(next), await home.FetchAsync(repository));
    }

    [Fact]
    public async Task A_git_that_outlived_its_server_is_waited_for()
    {
        var (repository, _) = Repository();
        await home.FetchAsync(repository);
        var next = repository.Commit("main", NewCommit.Of("next", ("n", "2")));
        var writer = Path.ChangeExtension(home.Mirror, ".writer");
        using var orphan = Process.Start("flock", ["--no-fork", writer, "sleep", "60"]);
        await Eventually.IsTrueAsync(() => IsHeld(writer), () => "the lock is free");

        var fetching = home.FetchAsync(repository);
        await Eventually.IsTrueAsync(() => IsHeld(Path.ChangeExtension(home.Mirror, ".lock")), () => "nobody waits");
        Assert.False(fetching.IsCompleted);
        orphan.Kill();

        Assert.Equal(new FetchResult.At(next), await fetching);
    }

    [Fact]
    public async Task Several_that_fetch_at_once_all_get_the_branch()
    {
        var (repository, head) = Repository();
        var sources = Enumerable.Range(0, 6).Select(_ => new GitFleetSource(home.Layout, TimeProvider.System)).ToList();

        var first = await Task.WhenAll(sources.Select(source => source.FetchAsync(Address(repository), Token)));
        var next = repository.Commit("main", NewCommit.Of("next", ("n", "2")));
        var second = await Task.WhenAll(sources.Select(source => source.FetchAsync(Address(repository), Token)));

        Assert.All(first, result => Assert.Equal(new FetchResult.At(head), result));
        Assert.All(second, result => Assert.Equal(new FetchResult.At(next), result));
        sources.ForEach(source => source.Dispose());
    }

    [Fact]
    public async Task A_commit_that_its_branch_left_survives_git_tidying_up()
    {
        var (repository, first) = Repository();
        var old = repository.Commit("main", NewCommit.Of("old", ("tidegate.yaml", "organisation: Old\n")));
        await home.FetchAsync(repository);
        repository.Move("main", first);
        repository.Commit("main", NewCommit.Of("new", ("tidegate.yaml", "organisation: New\n")));
        await home.FetchAsync(repository);

        GitFolder.Git(home.Mirror, ["gc", "--prune=now", "--quiet"]);

        var files = await home.Source.FilesAsync(Address(repository), old, Token);
        var file = files.List().Single(each => each.Path == "tidegate.yaml");
        Assert.Equal("organisation: Old\n"u8.ToArray(), files.Read(file).ToArray());
    }

    [Fact]
    public async Task A_mirror_that_was_made_anew_below_a_running_server_is_read()
    {
        var (repository, head) = Repository();
        await home.FetchAsync(repository);
        await home.Source.HistoryAsync(Address(repository), null, head, 1, Token);
        Directory.Delete(home.Mirror, recursive: true);
        var next = repository.Commit("main", NewCommit.Of("next", ("n", "2")));

        Assert.Equal(new FetchResult.At(next), await home.FetchAsync(repository));

        var history = await home.Source.HistoryAsync(Address(repository), head, next, 5, Token);
        Assert.Equal(HistoryRelation.Forward, history.Relation);
    }

    [Fact]
    public async Task A_damaged_mirror_is_told_with_the_way_on()
    {
        var (repository, head) = Repository();
        await home.FetchAsync(repository);
        File.Delete(Path.Join(home.Mirror, "HEAD"));

        var damaged = Assert.IsType<FetchResult.Unreachable>(await home.FetchAsync(repository));

        Assert.Contains($"remove {home.Mirror} and it is fetched anew", damaged.Why, StringComparison.Ordinal);
        Directory.Delete(home.Mirror, recursive: true);
        Assert.Equal(new FetchResult.At(head), await home.FetchAsync(repository));
    }

    [Fact]
    public async Task A_damaged_object_is_an_error_and_never_another_content()
    {
        var (repository, head) = Repository();
        await home.FetchAsync(repository);
        foreach (
            var file in Directory
                .EnumerateFiles(Path.Join(home.Mirror, "objects"), "*", SearchOption.AllDirectories)
                .Where(file => Path.GetFileName(file).Length == 38)
        )
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.WriteAllText(file, "");
        }

        var damaged = await Assert.ThrowsAnyAsync<IOException>(() =>
            home.Source.FilesAsync(Address(repository), head, Token)
        );

        Assert.DoesNotContain('\n', damaged.Message);
        Assert.EndsWith(".", damaged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mirror_that_cannot_be_written_is_told()
    {
        var (repository, _) = Repository();
        Directory.CreateDirectory(home.Layout.Following);
        File.WriteAllText(home.Layout.Mirrors, "a file where the folder should be");

        var refused = Assert.IsType<FetchResult.Unreachable>(await home.FetchAsync(repository));

        Assert.Contains(home.Layout.Mirrors, refused.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_told_as_such()
    {
        var (repository, head) = Repository(size: 3_000_000);
        Directory.CreateDirectory(home.Layout.Mirrors);
        var mounted = await Tool.RunAsync(
            "/usr/bin/mount",
            ["-t", "tmpfs", "-o", "size=1m", "tmpfs", home.Layout.Mirrors],
            Token
        );
        Assert.SkipUnless(mounted.ExitCode == 0, "No small disk can be mounted here.");
        try
        {
            var full = Assert.IsType<FetchResult.Unreachable>(await home.FetchAsync(repository));

            Assert.Contains("No space left on device; make room", full.Why, StringComparison.Ordinal);
        }
        finally
        {
            await Tool.RunAsync("/usr/bin/umount", [home.Layout.Mirrors], CancellationToken.None); // also when cancelled
        }

        Assert.Equal(new FetchResult.At(head), await home.FetchAsync(repository));
    }

    [Fact]
    public async Task A_folder_that_is_no_repository_and_a_clone_without_history_are_told()
    {
        var (repository, _) = Repository();
        repository.Commit("main", NewCommit.Of("next", ("n", "2")));
        var shallow = Path.Join(home.Folder, "shallow");
        GitFolder.Git(
            home.Folder,
            ["clone", "--quiet", "--bare", "--depth=1", "--branch=main", $"file://{repository.Path}", shallow]
        );

        var nothing = await home.Source.FetchAsync(new(home.Folder, "main"), Token);
        var cut = await home.Source.FetchAsync(new(shallow, "main"), Token);

        Assert.Contains(
            "does not appear to be a git repository",
            Assert.IsType<FetchResult.Unreachable>(nothing).Why,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "it is a shallow clone",
            Assert.IsType<FetchResult.Unreachable>(cut).Why,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_repository_of_another_user_is_read_and_one_with_longer_ids_too()
    {
        var (repository, head) = Repository();
        if (Environment.IsPrivilegedProcess)
        {
            Native.GiveTo(repository.Path, 65534, 65534);
        }

        var sha256 = home.Repository(path => $"file://{path}", "sha256");
        var longer = sha256.Commit("main", NewCommit.Of("first", ("tidegate.yaml", "organisation: A\n")));

        Assert.Equal(new FetchResult.At(head), await home.FetchAsync(repository));
        Assert.Equal(new FetchResult.At(longer), await home.FetchAsync(sha256));
        Assert.Equal(64, longer.Value.Length);
        var files = await home.Source.FilesAsync(Address(sha256), longer, Token);
        Assert.Equal("organisation: A\n"u8.ToArray(), files.Read(Assert.Single(files.List())).ToArray());
    }

    [Fact]
    public async Task A_working_copy_is_followed_as_well()
    {
        var folder = Path.Join(home.Folder, "checkout");
        GitFolder.Git(home.Folder, ["init", "--quiet", "--initial-branch=main", folder]);
        File.WriteAllText(Path.Join(folder, "tidegate.yaml"), "organisation: A\n");
        GitFolder.Git(folder, ["add", "."]);
        GitFolder.Git(
            folder,
            ["-c", "user.name=Ann", "-c", "user.email=ann@example.com", "commit", "--quiet", "-m", "one"]
        );
        File.WriteAllText(Path.Join(folder, "tidegate.yaml"), "not committed");

        var at = Assert.IsType<FetchResult.At>(await home.Source.FetchAsync(new(folder, "main"), Token));

        var files = await home.Source.FilesAsync(new(folder, "main"), at.Head, Token);
        Assert.Equal("organisation: A\n"u8.ToArray(), files.Read(Assert.Single(files.List())).ToArray());
    }

    [Fact]
    public async Task Nothing_of_a_repository_runs_here()
    {
        var (repository, head) = Repository();
        var marker = Path.Join(home.Folder, "ran");
        var script = Path.Join(home.Folder, "script");
        File.WriteAllText(script, $"#!/bin/sh\ntouch {marker}\nexec \"$@\"\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        foreach (
            var setting in (string[])
                [
                    "core.fsmonitor",
                    "core.sshCommand",
                    "core.askPass",
                    "core.pager",
                    "credential.helper",
                    "uploadpack.packObjectsHook",
                    "gpg.program",
                    "core.gitProxy",
                ]
        )
        {
            GitFolder.Git(repository.Path, ["config", setting, script]);
        }

        GitFolder.Git(repository.Path, ["config", "core.hooksPath", home.Folder]);
        foreach (var hook in (string[])["post-upload-pack", "reference-transaction", "post-checkout", "pre-receive"])
        {
            File.Copy(script, Path.Join(home.Folder, hook));
        }

        Assert.Equal(new FetchResult.At(head), await home.FetchAsync(repository));
        await home.Source.HistoryAsync(Address(repository), null, head, 1, Token);

        Assert.False(File.Exists(marker));
    }

    [Theory]
    [InlineData("--upload-pack=touch MARKER", "main")]
    [InlineData("ext::touch MARKER", "main")]
    [InlineData("REPOSITORY", "--upload-pack=touch MARKER")]
    [InlineData("REPOSITORY", "main:refs/heads/other")]
    [InlineData("REPOSITORY", "*")]
    [InlineData("REPOSITORY", "main\nother")]
    public async Task An_address_or_branch_that_is_an_order_is_refused(string address, string branch)
    {
        var (repository, _) = Repository();
        var marker = Path.Join(home.Folder, "marker");
        string In(string text) =>
            text.Replace("MARKER", marker, StringComparison.Ordinal)
                .Replace("REPOSITORY", repository.Path, StringComparison.Ordinal);

        var refused = await home.Source.FetchAsync(new(In(address), In(branch)), Token);

        Assert.IsType<FetchResult.Unreachable>(refused);
        await Assert.ThrowsAnyAsync<IOException>(() =>
            home.Source.FilesAsync(new(In(address), In(branch)), CommitId.Create(new string('a', 40)), Token)
        );
        Assert.False(File.Exists(marker));
    }

    [Fact]
    public async Task A_branch_is_told_by_its_whole_name()
    {
        var repository = home.Repository();
        repository.Commit("x/refs/heads/main", NewCommit.Of("a trap", ("n", "1")));

        Assert.Equal(new FetchResult.NoBranch(), await home.FetchAsync(repository));

        var head = repository.Commit("main", NewCommit.Of("main", ("n", "2")));
        Assert.Equal(new FetchResult.At(head), await home.FetchAsync(repository));
    }

    [Fact]
    public async Task The_operators_own_settings_of_git_do_not_reach_it()
    {
        var (repository, head) = Repository();
        GitFolder.Git(home.Folder, ["init", "--quiet", "."]);
        GitFolder.Git(home.Folder, ["config", "url./nowhere/.insteadOf", home.Folder + "/"]);

        Assert.Equal(new FetchResult.At(head), await home.FetchAsync(repository));
    }

    private static SourceAddress Address(GitFolder repository) => new(repository.Address, "main");

    private static bool IsHeld(string file)
    {
        using var asking = Process.Start("flock", ["--nonblock", file, "true"]);
        asking.WaitForExit();
        return asking.ExitCode != 0;
    }

    private (GitFolder Repository, CommitId Head) Repository(int size = 10)
    {
        var repository = home.Repository();
        var random = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(size / 2));
        return (repository, repository.Commit("main", NewCommit.Of("first", ("notes/random", random))));
    }
}
