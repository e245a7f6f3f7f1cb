using System.Diagnostics;
using Tidegate.ControlPlane.Catalog;
using Tidegate.Drivers.Catalog;

namespace Tidegate.IntegrationTests.Catalog;

/// <summary>Real git and the real interpreter.</summary>
public sealed class BuildWitnessTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tidegate-git-");

    [Fact]
    public void A_folder_of_a_commit_is_clean_until_something_in_it_differs()
    {
        var commit = Repository();

        Assert.Equal(new SourceFolder("addons", "addons", commit, true, null), Plain());

        Write("addons/promo/models.py", "x = 2\n");
        Assert.Equal(new SourceFolder("addons", "addons", commit, false, null), Plain());
    }

    [Theory]
    [InlineData("addons/promo/new.py", false)] // untracked
    [InlineData("addons/promo/ignored.js", false)] // ignored by git, and taken into the release
    [InlineData("addons/promo/__pycache__/models.cpython-311.pyc", true)] // left out of the release
    [InlineData("elsewhere.txt", true)] // not in the folder
    public void What_the_release_would_hold_beside_the_commit_makes_it_unclean(string file, bool isClean)
    {
        Repository();

        Write(file, "x");

        Assert.Equal(isClean, Ask().Clean);
    }

    [Fact]
    public void A_removed_file_makes_it_unclean()
    {
        Repository();

        File.Delete(At("addons/promo/models.py"));

        Assert.False(Ask().Clean);
    }

    [Fact]
    public void What_git_cannot_tell_is_unknown_with_the_reason()
    {
        Write("addons/promo/models.py", "x = 1\n");
        Assert.Equal(("it is in no git repository", null), (Ask().Unknown, Ask().Commit));

        Git("init", "-q");
        Assert.Equal("its git repository has no commit", Ask().Unknown);

        Repository();
        Git("update-index", "--assume-unchanged", "addons/promo/models.py");
        Write("addons/promo/models.py", "x = 3\n");
        Assert.Null(Ask().Clean);
        Assert.Contains("models.py", Ask().Unknown, StringComparison.Ordinal);
    }

    [Fact]
    public void Looking_runs_nothing_that_the_repository_names()
    {
        Repository();
        var trap = At("trap.sh");
        Write("trap.sh", $"#!/bin/sh\ntouch {At("sprung")}\ncat\n");
        File.SetUnixFileMode(trap, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Write("addons/.gitattributes", "*.py filter=evil\n");
        Git("config", "core.fsmonitor", trap);
        Git("config", "core.hooksPath", folder.FullName);
        Git("config", "filter.evil.clean", trap);
        Git("config", "filter.evil.smudge", trap);
        Git("config", "filter.evil.process", trap);
        Git("config", "filter.evil.required", "true");
        Write("addons/promo/models.py", "x = 9\n");

        Assert.False(Ask().Clean);

        Assert.False(File.Exists(At("sprung")));
        Git("status"); // the trap itself works
        Assert.True(File.Exists(At("sprung")));
    }

    [Fact]
    public void A_folder_s_name_is_never_taken_for_an_option()
    {
        Repository("--exec-path=x");

        Assert.True(new BuildWitness().Source("addons", At("--exec-path=x"), Token).Clean);
    }

    [Fact]
    public void Of_addons_it_is_told_who_wrote_what_led_to_them_over_every_parent()
    {
        var first = Repository();
        Git("checkout", "-q", "-b", "topic");
        Write("addons/promo/models.py", "x = 2\n");
        Git([.. As("B\u00f8", "bo"), "commit", "-q", "-a", "-m", "topic"]); // of more bytes than letters
        Git("checkout", "-q", "-B", "main", first);
        Git([.. As("Ann", "ann"), "merge", "-q", "--no-ff", "-m", "merge", "topic"]);

        Assert.Equal(
            ["Ann <ann@example>", "B\u00f8 <bo@example>", "T <t@example>"],
            Ask().History.Select(commit => commit.Author)
        );
        Assert.Equal(Ask().Commit, Ask().History[0].Id);
        Assert.Equal([first, Ask().History[1].Id], Ask().History[0].Parents);
        Assert.Equal([first], Ask().History[1].Parents);
        Assert.All(Ask().History, commit => Assert.Null(commit.Key));
        Assert.Empty(new BuildWitness().Source("core", At("addons"), Token).History);
    }

    [Fact]
    public void A_commit_that_another_is_to_stand_for_tells_who_wrote_itself()
    {
        var first = Repository();
        Write("addons/promo/models.py", "x = 2\n");
        Git([.. As("Bo", "bo"), "commit", "-q", "-a", "-m", "second"]);
        Git("replace", "HEAD", first);

        Assert.Equal(["Bo <bo@example>", "T <t@example>"], Ask().History.Select(commit => commit.Author));
    }

    [Fact]
    public void The_key_of_a_signature_that_fits_is_told_and_no_program_that_the_repository_names_is_asked()
    {
        Repository();
        Tool("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", At("key"));
        Write("trap.sh", $"#!/bin/sh\ntouch {At("sprung")}\n");
        File.SetUnixFileMode(At("trap.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string[] signing = ["-c", "gpg.format=ssh", "-c", $"user.signingKey={At("key")}"];
        Git([.. As("Ann", "ann"), .. signing, "commit", "-q", "-S", "--allow-empty", "-m", "signed"]);
        foreach (var setting in new[] { "gpg.program", "gpg.ssh.program", "gpg.ssh.allowedSignersFile" })
        {
            Git("config", setting, At("trap.sh"));
        }

        var key = Tool("ssh-keygen", "-l", "-f", At("key.pub")).Split(' ')[1];
        Assert.Equal([key, null], Ask().History.Select(commit => commit.Key));
        Assert.False(File.Exists(At("sprung")));
        Assert.Empty(Git("log", "-1", "--format=%GF").Trim()); // the trap itself works
        Assert.True(File.Exists(At("sprung")));
    }

    [Fact]
    public void The_interpreter_tells_its_version_and_what_it_has()
    {
        var python = new BuildWitness().Python(["lxml>=1", "no-such-thing-of-ours", "-x; y", "dateutil"], Token);

        Assert.StartsWith("3.", python.Version, StringComparison.Ordinal);
        Assert.NotNull(python.Distributions["lxml>=1"]);
        Assert.NotNull(python.Distributions["dateutil"]); // a module's name
        Assert.Null(python.Distributions["no-such-thing-of-ours"]);
        Assert.Null(python.Distributions["-x; y"]);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SourceFolder Ask() => new BuildWitness().Source("addons", At("addons"), Token);

    private SourceFolder Plain() => Ask() with { History = [] };

    private static string[] As(string name, string mail) =>
        ["-c", $"user.name={name}", "-c", $"user.email={mail}@example"];

    /// <summary>A commit with a module; its hash.</summary>
    private string Repository(string addons = "addons")
    {
        Write($"{addons}/promo/models.py", "x = 1\n");
        Write(".gitignore", "*.js\n__pycache__/\n");
        Git("init", "-q");
        Git("add", "--", addons, ".gitignore");
        Git("-c", "user.name=T", "-c", "user.email=t@example", "commit", "-q", "-m", "first");
        return Git("rev-parse", "HEAD").Trim();
    }

    private string At(string path) => Path.Join(folder.FullName, path);

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), content);
    }

    private string Git(params string[] arguments) => Tool("git", ["-C", folder.FullName, .. arguments]);

    private static string Tool(string program, params string[] arguments)
    {
        using var tool = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var output = tool.StandardOutput.ReadToEnd();
        tool.WaitForExit();
        return output;
    }
}
