using System.Text;
using Tidegate.ControlPlane.Following;
using Tidegate.Simulator.Following;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Following;

/// <summary>The contract of sources over HTTP with a token, and what a token may never do.</summary>
public sealed class GitHttpTests : FleetSourceContract, IAsyncDisposable
{
    private const string Token = "s3cr3t-t0ken";
    private const string Secret = "forge-token";

    private readonly GitHome home = new();
    private readonly GitHttpServer server;

    public GitHttpTests()
    {
        Assert.SkipUnless(File.Exists(GitHttpServer.Backend), "git's http-backend is not installed.");
        server = new(home.Folder);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        home.Dispose();
    }

    [Fact]
    public async Task The_token_of_a_secret_opens_the_repository()
    {
        var (repository, head) = Repository();
        server.Token = Token;
        home.WriteSecret(Secret, $"{Token}\n");

        Assert.Equal(new FetchResult.At(head), await home.FetchAsync(repository, Secret));
    }

    [Fact]
    public async Task The_user_of_the_address_comes_with_the_token()
    {
        var (repository, head) = Repository();
        server.Token = Token;
        home.WriteSecret(Secret, Token);
        var address = repository.Address.Replace("http://", "http://deploy@", StringComparison.Ordinal);

        var result = await home.Source.FetchAsync(new(address, "main", "", Secret), Cancellation);

        Assert.Equal(new FetchResult.At(head), result);
        var sent = Convert.ToBase64String(Encoding.UTF8.GetBytes($"deploy:{Token}"));
        Assert.Contains($"Basic {sent}", server.Credentials);
    }

    [Fact]
    public async Task Without_a_token_or_with_a_wrong_one_it_says_what_to_do()
    {
        var (repository, _) = Repository();
        server.Token = Token;
        home.WriteSecret("wrong", "wr0ng");
        home.WriteSecret("empty", "");

        foreach (var secret in (string?[])[null, "wrong", "empty"])
        {
            var refused = Assert.IsType<FetchResult.Unreachable>(await home.FetchAsync(repository, secret));
            Assert.Contains("name a secret that holds a token", refused.Why, StringComparison.Ordinal);
            Assert.DoesNotContain("wr0ng", refused.Why, StringComparison.Ordinal);
        }

        var missing = Assert.IsType<FetchResult.Unreachable>(await home.FetchAsync(repository, "nothing"));
        Assert.Contains(Path.Join(home.Layout.Secrets, "nothing"), missing.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_sends_us_elsewhere_is_not_followed_there()
    {
        var (repository, _) = Repository();
        await using var other = new GitHttpServer(home.Folder) { Token = Token };
        server.RedirectTo = other.Url;
        home.WriteSecret(Secret, Token);

        Assert.IsType<FetchResult.Unreachable>(await home.FetchAsync(repository, Secret));

        Assert.Empty(other.Credentials); // nobody came at all
    }

    [Fact]
    public async Task A_token_is_in_no_process_list_and_no_file_but_its_own()
    {
        var (repository, _) = Repository();
        server.Token = Token;
        server.BeginStalling();
        home.WriteSecret(Secret, Token);

        var fetching = home.FetchAsync(repository, Secret);
        await Eventually.IsTrueAsync(
            () => home.Processes().Any(each => each.Command.Contains(" fetch ", StringComparison.Ordinal)),
            () => "git does not fetch"
        );
        var processes = home.Processes();
        server.EndStalling();
        await fetching;

        Assert.All(
            processes,
            each => Assert.DoesNotContain(Token, each.Command + each.Environment, StringComparison.Ordinal)
        );
        Assert.All(
            Directory.EnumerateFiles(home.Layout.Following, "*", SearchOption.AllDirectories),
            file => Assert.DoesNotContain(Token, File.ReadAllText(file), StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Git_killed_in_the_middle_of_the_first_fetch_leaves_nothing_in_the_way()
    {
        var (repository, head) = Repository();
        server.BeginStalling();
        var fetching = home.FetchAsync(repository);
        var git = await FetchingGitAsync();

        // The whole group, as when the machine ends.
        Drivers.Runtimes.Processes.Native.Send(-git, Drivers.Runtimes.Processes.Signal.Kill);

        var killed = Assert.IsType<FetchResult.Unreachable>(await fetching);
        Assert.Contains("fleet-1.git", killed.Why, StringComparison.Ordinal);
        Assert.Single(Directory.GetDirectories(home.Layout.Mirrors, "*.making"));
        Assert.Empty(Directory.GetDirectories(home.Layout.Mirrors, "*.git"));
        server.EndStalling();
        Assert.Equal(new FetchResult.At(head), await home.FetchAsync(repository));
        Assert.Empty(Directory.GetDirectories(home.Layout.Mirrors, "*.making"));
    }

    [Fact]
    public async Task A_cancelled_fetch_ends_with_everything_that_it_started()
    {
        var (repository, head) = Repository();
        server.BeginStalling();
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var fetching = home.Source.FetchAsync(new(repository.Address, "main"), cancelling.Token);
        await FetchingGitAsync();

        await cancelling.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
        await Eventually.IsTrueAsync(
            () => home.Processes().Count == 0,
            () => string.Join('\n', home.Processes().Select(each => each.Command))
        );
        server.EndStalling();
        Assert.Equal(new FetchResult.At(head), await home.FetchAsync(repository));
    }

    protected override IFleetSource Source => home.Source;

    protected override IScriptedRepository EmptyRepository() =>
        home.Repository(path => $"{server.Url}/{Path.GetFileName(path)}");

    private (GitFolder Repository, CommitId Head) Repository()
    {
        var repository = (GitFolder)EmptyRepository();
        // Random text is not compressed away: a pack that can stop in its middle.
        var random = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(100_000));
        return (repository, repository.Commit("main", NewCommit.Of("first", ("notes/random", random))));
    }

    /// <summary>The process group of the git that is fetching, once a pack has begun to come.</summary>
    private async Task<int> FetchingGitAsync()
    {
        await server.Stalled.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        return home.Processes()
            .Where(each => each.Command.Contains(" fetch ", StringComparison.Ordinal))
            .Single(each => each.Command.Contains("/timeout ", StringComparison.Ordinal))
            .Pid;
    }
}
