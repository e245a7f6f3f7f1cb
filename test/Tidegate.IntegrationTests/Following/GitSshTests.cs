using System.Globalization;
using Tidegate.ControlPlane.Following;
using Tidegate.Simulator.Following;

namespace Tidegate.IntegrationTests.Following;

/// <summary>Repositories behind ssh: who is let in, and whom we believe.</summary>
public sealed class GitSshTests : IAsyncLifetime
{
    private const string Secret = "deploy-key";

    // What is odd in it would be split or replaced by ssh or the shell that starts it.
    private readonly GitHome home = new("ho'me %h $x");
    private SshServer? server;

    public async ValueTask InitializeAsync()
    {
        if (SshServer.CannotRun is { } why)
        {
            home.Dispose(); // a skipped test is not disposed of
            Assert.Skip(why);
        }

        var key = Path.Join(home.Layout.Secrets, Secret);
        await SshServer.MakeKeyAsync(key);
        server = await SshServer.StartAsync(
            Path.Join(home.Folder, "sshd"),
            await File.ReadAllTextAsync($"{key}.pub", TestContext.Current.CancellationToken)
        );
    }

    public async ValueTask DisposeAsync()
    {
        await (server?.DisposeAsync() ?? default);
        home.Dispose();
    }

    [Fact]
    public async Task The_key_of_a_secret_opens_the_repository()
    {
        var (repository, head) = Repository();
        home.WriteSecret("known_hosts", server!.HostKey);

        Assert.Equal(new FetchResult.At(head), await home.FetchAsync(repository, Secret));
        var next = repository.Commit("main", NewCommit.Of("next", ("n", "2")));
        Assert.Equal(new FetchResult.At(next), await home.FetchAsync(repository, Secret));
    }

    [Fact]
    public async Task A_host_that_nobody_vouched_for_is_not_believed()
    {
        var (repository, _) = Repository();
        home.WriteSecret("known_hosts", "");

        var refused = Assert.IsType<FetchResult.Unreachable>(await home.FetchAsync(repository, Secret));

        Assert.Contains("Host key verification failed", refused.Why, StringComparison.Ordinal);
        Assert.Contains(Path.Join(home.Layout.Secrets, "known_hosts"), refused.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_not_let_in_is_told()
    {
        var (repository, _) = Repository();
        home.WriteSecret("known_hosts", server!.HostKey);
        await SshServer.MakeKeyAsync(Path.Join(home.Layout.Secrets, "other-key"));

        var refused = Assert.IsType<FetchResult.Unreachable>(await home.FetchAsync(repository, "other-key"));

        Assert.Contains("Permission denied (publickey", refused.Why, StringComparison.Ordinal);
        Assert.Contains("give the repository a key of this home", refused.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_others_may_read_is_not_used()
    {
        var (repository, _) = Repository();
        home.WriteSecret("known_hosts", server!.HostKey);
        File.SetUnixFileMode(
            Path.Join(home.Layout.Secrets, Secret),
            UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead
        );

        var refused = Assert.IsType<FetchResult.Unreachable>(await home.FetchAsync(repository, Secret));

        Assert.Contains("chmod 600", refused.Why, StringComparison.Ordinal);
    }

    private (GitFolder Repository, CommitId Head) Repository()
    {
        var repository = home.Repository(path =>
            string.Create(CultureInfo.InvariantCulture, $"ssh://{Environment.UserName}@127.0.0.1:{server!.Port}{path}")
        );
        return (repository, repository.Commit("main", NewCommit.Of("first", ("n", "1"))));
    }
}
