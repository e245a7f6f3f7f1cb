using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Gateway;

/// <summary>The role as a process of its own: for killing it.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private readonly Process process;

    private GatewayProcess(Process process, Uri address)
    {
        this.process = process;
        Address = address;
    }

    public Uri Address { get; }

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    /// <summary>Starts it and waits until its control socket answers or it has ended.</summary>
    public static async Task<GatewayProcess> StartAsync(string state, string socket, int? port = null)
    {
        var chosen = port ?? FreePort();
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "tidegate"))
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            ArgumentList = { "gateway", "--state", state, "--control", socket, "--port", $"{chosen}" },
        };
        var gateway = new GatewayProcess(Process.Start(start)!, new Uri($"http://127.0.0.1:{chosen}"));
        await Eventually.IsTrueAsync(
            async () => gateway.process.HasExited || await AnswersAsync(socket),
            () => "the gateway does not answer"
        );
        return gateway;
    }

    public async Task<string> ReadErrorsAsync() =>
        await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None); // cleaning up
        }

        process.Dispose();
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static async Task<bool> AnswersAsync(string control)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(control), TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
