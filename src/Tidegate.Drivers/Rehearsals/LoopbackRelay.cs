using System.Net;
using System.Net.Sockets;

namespace Tidegate.Drivers.Rehearsals;

/// <summary>A port of 127.0.0.1 that leads to a unix socket: so that journeys reach a server that has no network.</summary>
internal sealed class LoopbackRelay : IAsyncDisposable
{
    private readonly string _socket;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public LoopbackRelay(string socket)
    {
        _socket = socket;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = Task.Run(AcceptAsync);
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext
        );
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptSocketAsync(_stop.Token);
            _ = RelayAsync(client, _stop.Token);
        }
    }

    private async Task RelayAsync(Socket client, CancellationToken cancellationToken)
    {
        using var inside = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using (client)
        {
            try
            {
                await inside.ConnectAsync(new UnixDomainSocketEndPoint(_socket), cancellationToken);
                await using var outer = new NetworkStream(client, ownsSocket: true);
                await using var inner = new NetworkStream(inside, ownsSocket: true);
                await Task.WhenAll(
                    PumpAsync(outer, inner, inside, cancellationToken),
                    PumpAsync(inner, outer, client, cancellationToken)
                );
            }
            catch (Exception gone) when (gone is SocketException or IOException or OperationCanceledException)
            {
                // Either side has left: the other sees its connection end.
            }
        }
    }

    /// <summary>When one direction breaks, both sides are let go: the other would wait for ever.</summary>
    private static async Task PumpAsync(Stream from, Stream to, Socket target, CancellationToken cancellationToken)
    {
        try
        {
            await from.CopyToAsync(to, cancellationToken);
            target.Shutdown(SocketShutdown.Send);
        }
        catch (Exception broken) when (broken is SocketException or IOException or ObjectDisposedException)
        {
            from.Close();
            to.Close();
        }
    }
}
