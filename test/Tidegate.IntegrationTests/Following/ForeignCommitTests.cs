using Microsoft.Extensions.DependencyInjection;
using Tidegate.Cli;
using Tidegate.ControlPlane.Following;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;
using static Tidegate.IntegrationTests.Following.GitFleet;

namespace Tidegate.IntegrationTests.Following;

/// <summary>Who can push to the fleet's branch and has not the right to change an environment: real git, real signatures, real PostgreSQL.</summary>
public sealed class ForeignCommitTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>, IDisposable
{
    private readonly GitHome _home = new();
    private string _worktree = "";
    private string _policy = "";

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("unsigned", "commit-not-signed")]
    [InlineData("by an unknown key", "commit-signature-unknown")]
    [InlineData("by a known key that the policy does not name", "commit-signer-unknown")]
    [InlineData("with a signature of another commit", "commit-signature-bad")]
    [InlineData("that lifts the protection", "commit-not-signed")]
    public async Task A_commit_of_somebody_without_the_right_changes_nothing_and_is_in_the_ledger(
        string commit,
        string because
    )
    {
        await using var plane = await ScriptedControlPlane.StartAsync(
            cluster,
            services => services.AddSingleton<IFleetSource>(_home.Source)
        );
        var ann = await KeyAsync("ann", isKnown: true);
        await BeginAsync(Fingerprint(ann), ann);
        await plane.SucceedAsync("fleet", "follow", _worktree, "--interval", "1d");
        await plane.RunAsync("fleet", "sync");
        Assert.Equal(["2026.11.1"], await plane.QueryAsync("select release_name from environment_terms"));

        await PushAsync(commit, ann);
        var refused = await plane.RunAsync("fleet", "sync");

        Assert.Equal(ExitCodes.Blocked, refused.Exit);
        Assert.Contains(because, refused.Output, StringComparison.Ordinal);
        Assert.Equal(["2026.11.1"], await plane.QueryAsync("select release_name from environment_terms"));
        Assert.Empty(await plane.QueryAsync("select id from planned_work where release_name = '2026.11.2'"));
        Assert.Contains(
            await plane.QueryAsync("select reason from ledger where actor like 'source/%' order by id"),
            said =>
                said.StartsWith("blocked ", StringComparison.Ordinal)
                && said.Contains($"({because})", StringComparison.Ordinal)
        );

        // Whoever has the right puts it right, and is taken.
        await WriteAsync(
            ("environments/production.yaml", "release: 2026.11.3\npolicy: careful\n"),
            ("policies/careful.yaml", _policy)
        );
        Git("reset", "--quiet", "--soft", "HEAD~1");
        Commit("Promote 2026.11.3", ann);
        await plane.RunAsync("fleet", "sync");
        Assert.Equal(["2026.11.3"], await plane.QueryAsync("select release_name from environment_terms"));
    }

    private async Task PushAsync(string how, string ann)
    {
        await WriteAsync(("environments/production.yaml", "release: 2026.11.2\npolicy: careful\n"));
        switch (how)
        {
            case "unsigned":
                Commit("Promote", key: null);
                break;
            case "by an unknown key":
                Commit("Promote", await KeyAsync("mallory", isKnown: false));
                break;
            case "by a known key that the policy does not name":
                Commit("Promote", await KeyAsync("bob", isKnown: true));
                break;
            case "that lifts the protection":
                await WriteAsync(("policies/careful.yaml", "start: manual\n"));
                Commit("Promote", key: null);
                break;
            default:
                Commit("Promote", ann);
                var raw = Git("cat-file", "commit", "HEAD")
                    .Replace("\n\nPromote", "\n\nPromote it", StringComparison.Ordinal);
                var forged = TestProgram.Run(
                    "git",
                    ["-C", _worktree, "hash-object", "-t", "commit", "-w", "--stdin"],
                    System.Text.Encoding.UTF8.GetBytes(raw)
                );
                Git("update-ref", "HEAD", forged.Trim());
                break;
        }
    }

    private async Task BeginAsync(string fingerprint, string key)
    {
        _policy = $"start: manual\nsource:\n  signedBy: [{fingerprint}]\n";
        _worktree = Path.Join(_home.Folder, "fleet");
        Directory.CreateDirectory(_worktree);
        Git("init", "--quiet", "--initial-branch=main");
        await WriteAsync([.. Files, ("policies/careful.yaml", _policy)]);
        Commit("The fleet", key);
    }

    private async Task WriteAsync(params (string Path, string? Text)[] files)
    {
        foreach (var (path, text) in files)
        {
            var file = Path.Join(_worktree, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>In Ann's name, whoever signs it: names in git are what people write.</summary>
    private void Commit(string subject, string? key)
    {
        Git("add", "--all");
        Git([
            "-c",
            "user.name=Ann Lee",
            "-c",
            "user.email=ann@example.com",
            .. key is null ? [] : new[] { "-c", "gpg.format=ssh", "-c", $"user.signingKey={key}" },
            "commit",
            "--quiet",
            key is null ? "--no-gpg-sign" : "--gpg-sign",
            "-m",
            subject,
        ]);
    }

    private async Task<string> KeyAsync(string name, bool isKnown)
    {
        var key = Path.Join(_home.Folder, name);
        await SshServer.MakeKeyAsync(key);
        if (isKnown)
        {
            Directory.CreateDirectory(_home.Layout.FollowedKeys);
            File.Copy($"{key}.pub", Path.Join(_home.Layout.FollowedKeys, $"{name}.pub"));
        }

        return key;
    }

    private static string Fingerprint(string key) =>
        TestProgram.Run("ssh-keygen", ["-l", "-f", $"{key}.pub"], []).Split(' ')[1];

    private string Git(params string[] arguments) => GitFolder.Git(_worktree, arguments);
}
