using System.Net.Sockets;
using Tidegate.Drivers.Odoo;

namespace Tidegate.IntegrationTests.Odoo;

/// <summary>What a client of the fork server makes of every way in which a conversation can end.</summary>
public sealed class ForkServerClientTests : IDisposable
{
    private const string Good =
        """{"id": "u-1", "exit": 0, "signal": null, "wall_s": 2.5, "cpu_s": 1.7, "peak_mb": 126.0, "value": null}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("tidegate-fork-").FullName;

    private string SocketPath => Path.Combine(_folder, "s");

    private string ResultPath => Path.Combine(_folder, "result.json");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_answer_is_the_result()
    {
        await using var server = FakeServer.Answering(SocketPath, Good);

        var result = await RunAsync();

        Assert.True(result.IsClean);
        Assert.Equal(1.7, result.CpuS);
    }

    [Fact]
    public async Task A_broken_connection_is_made_again_and_the_job_attached_to()
    {
        await using var server = FakeServer.Answering(SocketPath, null, null, Good);

        Assert.True((await RunAsync()).IsClean);
        Assert.Equal(3, server.Requests);
    }

    [Fact]
    public async Task The_result_file_speaks_for_a_fork_server_that_is_gone()
    {
        await File.WriteAllTextAsync(ResultPath, Good, Token);

        Assert.True((await RunAsync()).IsClean);
    }

    [Fact]
    public async Task A_job_is_lost_when_its_fork_server_goes_without_a_result()
    {
        await using var server = FakeServer.Answering(SocketPath, (string?)null);

        Assert.True((await RunAsync()).IsLost);
    }

    [Fact]
    public async Task Nobody_listening_means_that_nothing_has_begun() =>
        await Assert.ThrowsAsync<MigratorUnreachableException>(RunAsync);

    [Fact]
    public async Task A_refusal_is_told_in_the_fork_servers_words()
    {
        await using var server = FakeServer.Answering(
            SocketPath,
            """{"id": "u-1", "error": "the fork server is stopping"}"""
        );

        var refused = await Assert.ThrowsAsync<MigratorUnreachableException>(RunAsync);

        Assert.Contains("the fork server is stopping", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ending_what_nobody_runs_does_nothing()
    {
        await new ForkServerClient(SocketPath).EndAllAsync("shop__next", epoch: 8, Token);

        await using var server = FakeServer.Answering(SocketPath, """{"op": "list", "jobs": []}""");
        await new ForkServerClient(SocketPath).EndAllAsync("shop__next", epoch: 8, Token);

        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_successors_job_is_not_ended()
    {
        const string jobs = """
            {"jobs": [{"id": "u-9", "database": "shop__next", "epoch": 9}, {"id": "u-7", "database": "shop__next", "epoch": 7}]}
            """;
        await using var server = FakeServer.Answering(SocketPath, jobs.Trim(), "{}");

        await new ForkServerClient(SocketPath).EndAllAsync("shop__next", epoch: 8, Token);

        Assert.Contains("u-7", server.LastRequest, StringComparison.Ordinal);
    }

    private Task<JobResult> RunAsync() =>
        new ForkServerClient(SocketPath).RunAsync(new { op = "migrate", id = "u-1" }, "u-1", ResultPath, Token);

    /// <summary>Gives one answer a connection, and hangs up on null; after the last one nobody listens.</summary>
    private sealed class FakeServer : IAsyncDisposable
    {
        private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        private readonly Task _serving;

        private FakeServer(string path, string?[] answers)
        {
            _listener.Bind(new UnixDomainSocketEndPoint(path));
            _listener.Listen();
            _serving = ServeAsync(answers);
        }

        public int Requests { get; private set; }

        public string? LastRequest { get; private set; }

        public static FakeServer Answering(string path, params string?[] answers) => new(path, answers);

        public async ValueTask DisposeAsync()
        {
            _listener.Dispose();
            await _serving;
        }

        private async Task ServeAsync(string?[] answers)
        {
            foreach (var answer in answers)
            {
                using var connection = await _listener.AcceptAsync(Token);
                await using var stream = new NetworkStream(connection);
                using var reader = new StreamReader(stream);
                LastRequest = await reader.ReadLineAsync(Token);
                Requests++;
                if (Requests == answers.Length)
                {
                    _listener.Dispose();
                }

                if (answer is not null)
                {
                    await using var writer = new StreamWriter(stream);
                    await writer.WriteLineAsync(answer);
                }
            }
        }
    }
}
