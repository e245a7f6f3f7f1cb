using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Tidegate.Drivers.Rehearsals;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Rehearsals;

/// <summary>A process of a rehearsal reaches nobody by network, not even this machine's loopback, and is reached through its relay alone.</summary>
public sealed class IsolationTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly string _folder = Directory.CreateTempSubdirectory("tg-iso-").FullName;
    private readonly TcpListener _sink = new(IPAddress.Loopback, 0);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Script =>
        Path.Combine(AppContext.BaseDirectory, "bridge", "isolation", "tidegate_isolate.py");

    private int Port => ((IPEndPoint)_sink.LocalEndpoint).Port;

    public IsolationTests() => _sink.Start();

    public void Dispose()
    {
        _sink.Stop();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_mail_goes_nowhere_and_would_have_gone_without()
    {
        await SkipWhereNobodyMayAsync();
        string[] send =
        [
            Python,
            "-c",
            $"import socket; socket.create_connection(('127.0.0.1', {Port}), 3).sendall(b'MAIL FROM')",
        ];

        Assert.Equal(0, await RunAsync(send));
        Assert.True(_sink.Pending(), "the sink takes what is sent: this test can fail");
        (await _sink.AcceptTcpClientAsync(Token)).Dispose();

        Assert.NotEqual(0, await RunAsync([Python, "-I", Script, "--", .. send]));
        Assert.False(_sink.Pending(), "something came out of the isolation");
    }

    [Fact]
    public async Task A_server_without_network_is_reached_through_its_relay()
    {
        await SkipWhereNobodyMayAsync();
        var socket = Path.Combine(_folder, "s");
        const int inner = 8069; // nobody else is in its network: any port is free
        using var server = Start([
            Python,
            "-I",
            Script,
            "--relay",
            $"{socket}={inner}",
            "--",
            Python,
            "-m",
            "http.server",
            $"{inner}",
            "--bind",
            "127.0.0.1",
            "--directory",
            _folder,
        ]);
        try
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, "hello"), "from inside", Token);
            await using var relay = new LoopbackRelay(socket);
            using var http = new HttpClient();
            Assert.Equal("from inside", await EventuallyAsync(http, new Uri($"http://127.0.0.1:{relay.Port}/hello")));
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Who_asks_a_server_that_hangs_up_sees_it_hang_up()
    {
        var path = Path.Combine(_folder, "h");
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        server.Bind(new UnixDomainSocketEndPoint(path));
        server.Listen();
        await using var relay = new LoopbackRelay(path);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, relay.Port, Token);
        await client.GetStream().WriteAsync("hello"u8.ToArray(), Token);
        using (var asked = await server.AcceptAsync(Token))
        {
            await Eventually.IsTrueAsync(() => asked.Available > 0, () => "nothing arrives");
            // What is not read is answered with a reset.
        }

        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Token);
        bound.CancelAfter(TimeSpan.FromSeconds(20));
        var answer = client.GetStream().ReadAsync(new byte[1], bound.Token).AsTask();
        Assert.True(
            await answer.ContinueWith(
                read => read.IsFaulted || read is { IsCompletedSuccessfully: true, Result: 0 },
                Token,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            ),
            "it was left waiting"
        );
    }

    private static async Task<string> EventuallyAsync(HttpClient http, Uri address)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Token);
        bound.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                return await http.GetStringAsync(address, bound.Token);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, bound.Token); // it begins to listen
            }
        }
    }

    private static async Task SkipWhereNobodyMayAsync() =>
        Assert.SkipUnless(
            await RunAsync([Python, "-I", Script, "--check"]) == 0,
            "this machine allows no network namespace"
        );

    private static async Task<int> RunAsync(string[] command)
    {
        using var process = Start(command);
        await process.WaitForExitAsync(Token);
        return process.ExitCode;
    }

    private static Process Start(string[] command) =>
        Process.Start(
            new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardInput = true }
        )!;
}
