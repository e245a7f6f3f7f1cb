using System.Text;
using Tidegate.ControlPlane.Following;
using Tidegate.Simulator.Following;

namespace Tidegate.IntegrationTests.Following;

/// <summary>Commits signed with real keys: what git and its checkers make of them here.</summary>
public sealed class GitSignatureTests : IDisposable
{
    private readonly GitHome home = new();
    private readonly DirectoryInfo gnupg = Directory.CreateTempSubdirectory("tg-gpg-"); // short: gpg's socket is in it

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Run("gpgconf", ["--kill", "all"]);
        gnupg.Delete(recursive: true);
        home.Dispose();
    }

    [Fact]
    public async Task A_commit_signed_by_a_known_ssh_key_names_that_key()
    {
        var key = await SshKeyAsync();
        var (repository, commit) = await SignedAsync(["gpg.format=ssh", $"user.signingKey={key}"]);
        Know("ann.pub", File.ReadAllText($"{key}.pub"));

        var signature = Assert.IsType<CommitSignature.Good>(await SignatureAsync(repository, commit));

        Assert.Equal(SshFingerprint(key), signature.Fingerprint);
    }

    [Fact]
    public async Task A_commit_signed_by_an_unknown_ssh_key_cannot_be_told_and_can_once_the_key_is_known()
    {
        var key = await SshKeyAsync();
        var (repository, commit) = await SignedAsync(["gpg.format=ssh", $"user.signingKey={key}"]);

        var signature = Assert.IsType<CommitSignature.Unverifiable>(await SignatureAsync(repository, commit));
        Assert.Contains(SshFingerprint(key), signature.Why, StringComparison.Ordinal);
        var other = await SshKeyAsync("other");
        Know("other.pub", File.ReadAllText($"{other}.pub"));
        Assert.IsType<CommitSignature.Unverifiable>(await SignatureAsync(repository, commit));

        Know("ann.pub", $"# Ann's\n{File.ReadAllText($"{key}.pub")}");

        Assert.IsType<CommitSignature.Good>(await SignatureAsync(repository, commit));
    }

    [Theory]
    [InlineData("ssh")]
    [InlineData("openpgp")]
    public async Task A_signature_that_was_moved_to_another_commit_does_not_fit(string format)
    {
        string[] settings = format is "ssh"
            ? ["gpg.format=ssh", $"user.signingKey={await SshKeyAsync()}"]
            : PgpSettings();
        var (repository, commit) = await SignedAsync(settings);
        Know("ann.pub", format is "ssh" ? File.ReadAllText(Path.Join(home.Folder, "ann.pub")) : "");
        Know("ann.asc", format is "ssh" ? "" : PublicPgpKey());
        var text = GitFolder.Git(repository.Path, ["cat-file", "commit", commit.Value]);
        var forged = repository.CommitRaw(
            "main",
            Encoding.UTF8.GetBytes(text.Replace("\n\nsigned", "\n\nforged", StringComparison.Ordinal))
        );
        await home.FetchAsync(repository);

        Assert.IsType<CommitSignature.Bad>(await SignatureAsync(repository, forged));
        Assert.IsType<CommitSignature.Good>(await SignatureAsync(repository, commit));
    }

    [Fact]
    public async Task A_commit_signed_by_a_known_pgp_key_names_its_primary_key()
    {
        var settings = PgpSettings();
        var (repository, commit) = await SignedAsync(settings);

        var unknown = Assert.IsType<CommitSignature.Unverifiable>(await SignatureAsync(repository, commit));
        Assert.Contains("no known key has the id", unknown.Why, StringComparison.Ordinal);
        Know("ann.asc", PublicPgpKey());

        var good = Assert.IsType<CommitSignature.Good>(await SignatureAsync(repository, commit));
        Assert.Matches("\\A[0-9A-F]{40}\\z", good.Fingerprint);
        Assert.Equal(PgpFingerprint(), good.Fingerprint);
    }

    [Fact]
    public async Task A_revoked_key_makes_bad_signatures()
    {
        var (repository, commit) = await SignedAsync(PgpSettings());
        var revocation = File.ReadAllText(
            Directory.GetFiles(Path.Join(gnupg.FullName, "openpgp-revocs.d"), "*.rev").Single()
        );
        Run("gpg", ["--batch", "--import"], revocation.Replace(":-----BEGIN", "-----BEGIN", StringComparison.Ordinal));
        Know("ann.asc", PublicPgpKey());

        var bad = Assert.IsType<CommitSignature.Bad>(await SignatureAsync(repository, commit));

        Assert.Contains("revoked", bad.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_holds_no_key_is_named_where_a_key_is_missed()
    {
        var (repository, commit) = await SignedAsync(PgpSettings());
        Know("broken.asc", "no key");
        Know("ann.pub", "neither");

        var unknown = Assert.IsType<CommitSignature.Unverifiable>(await SignatureAsync(repository, commit));

        Assert.Contains("ann.pub, broken.asc", unknown.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signed_and_unsigned_commits_are_told_together()
    {
        var key = await SshKeyAsync();
        var (repository, signed) = await SignedAsync(["gpg.format=ssh", $"user.signingKey={key}"]);
        var first = repository.Commit("main", NewCommit.Of("plain", ("n", "2")));
        var text = GitFolder.Git(repository.Path, ["cat-file", "commit", signed.Value]);
        var other = repository.CommitRaw(
            "main",
            Encoding.UTF8.GetBytes(
                text.Replace("\nauthor", $"\nparent {first}\nauthor", StringComparison.Ordinal)
                    .Replace(
                        "-----BEGIN SSH SIGNATURE-----",
                        "-----BEGIN SIGNED MESSAGE-----",
                        StringComparison.Ordinal
                    )
            )
        );
        Know("ann.pub", File.ReadAllText($"{key}.pub"));
        await home.FetchAsync(repository);

        var history = await home.Source.HistoryAsync(Address(repository), signed, other, 10, Token);

        Assert.Equal(2, history.Count);
        Assert.IsType<CommitSignature.Unverifiable>(history.Commits[0].Signature);
        Assert.IsType<CommitSignature.None>(history.Commits[1].Signature);
    }

    private static SourceAddress Address(GitFolder repository) => new(repository.Address, "main");

    private async Task<CommitSignature> SignatureAsync(GitFolder repository, CommitId commit) =>
        Assert.Single((await home.Source.HistoryAsync(Address(repository), null, commit, 1, Token)).Commits).Signature;

    private void Know(string name, string content)
    {
        Directory.CreateDirectory(home.Layout.FollowedKeys);
        File.WriteAllText(Path.Join(home.Layout.FollowedKeys, name), content);
    }

    /// <summary>A repository with a signed commit, fetched.</summary>
    private async Task<(GitFolder Repository, CommitId Commit)> SignedAsync(string[] settings)
    {
        var repository = home.Repository();
        var tree = GitFolder.Git(repository.Path, ["hash-object", "-t", "tree", "-w", "--stdin"]).Trim();
        string[] person = ["user.name=Ann", "user.email=ann@example.com"];
        var id = GitFolder.Git(
            repository.Path,
            [
                .. person.Concat(settings).SelectMany(setting => (string[])["-c", setting]),
                "commit-tree",
                "-S",
                "-m",
                "signed",
                tree,
            ],
            [],
            mayFail: false,
            ("GNUPGHOME", gnupg.FullName)
        );
        var commit = CommitId.Create(id.Trim());
        repository.Move("main", commit);
        Assert.Equal(new FetchResult.At(commit), await home.FetchAsync(repository));
        return (repository, commit);
    }

    private async Task<string> SshKeyAsync(string name = "ann")
    {
        var key = Path.Join(home.Folder, name);
        await SshServer.MakeKeyAsync(key);
        return key;
    }

    private string SshFingerprint(string key) => Run("ssh-keygen", ["-l", "-f", $"{key}.pub"]).Split(' ')[1];

    private string[] PgpSettings()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gpg"), "gpg is not installed.");
        File.SetUnixFileMode(gnupg.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Run(
            "gpg",
            ["--batch", "--passphrase", "", "--quick-gen-key", "Ann <ann@example.com>", "ed25519", "cert", "never"]
        );
        Run("gpg", ["--batch", "--passphrase", "", "--quick-add-key", PgpFingerprint(), "ed25519", "sign", "never"]);
        return [$"user.signingKey={PgpFingerprint()}"];
    }

    private string PgpFingerprint() =>
        Run("gpg", ["--list-keys", "--with-colons"])
            .Split('\n')
            .First(line => line.StartsWith("fpr:", StringComparison.Ordinal))
            .Split(':')[9];

    private string PublicPgpKey() => Run("gpg", ["--export", "--armor"]);

    private string Run(string program, string[] arguments, string input = "") =>
        TestProgram.Run(
            program,
            arguments,
            Encoding.UTF8.GetBytes(input),
            mayFail: false,
            ("GNUPGHOME", gnupg.FullName)
        );
}
