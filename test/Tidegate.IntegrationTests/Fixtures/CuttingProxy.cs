using System.Net.Sockets;
using Tidegate.Drivers.Databases;

namespace Tidegate.IntegrationTests.Fixtures;

/// <summary>
/// Stands between a client and PostgreSQL and cuts the connection at the n-th message of the client: before the server
/// sees it, or after the server has it and before the client learns what came of it.
/// </summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly SitePostgres _server;
    private readonly string _folder = Directory.CreateTempSubdirectory("tidegate-cut-").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private int _left;

    /// <param name="cutAt">1 is the very first message, a connection's start.</param>
    /// <param name="deliver">Whether the server still gets the message at which the connection is cut.</param>
    public CuttingProxy(SitePostgres server, int cutAt, bool deliver)
    {
        _server = server;
        _left = cutAt;
        _listener.Bind(new UnixDomainSocketEndPoint(SocketIn(_folder)));
        _listener.Listen();
        _accepting = AcceptAsync(deliver);
    }

    /// <summary>The cluster as seen through the proxy.</summary>
    public SitePostgres Site => new(_folder, 5432);

    /// <summary>False when the client needed fewer messages than the cut was set at.</summary>
    public bool HasCut => Volatile.Read(ref _left) <= 0;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
        _end.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AcceptAsync(bool deliver)
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptAsync(_end.Token), deliver));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket client, bool deliver)
    {
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using (client)
        {
            await server.ConnectAsync(new UnixDomainSocketEndPoint(SocketIn(_server.SocketDirectory)), _end.Token);
            var answers = PumpAsync(server, client, count: false, deliver);
            await PumpAsync(client, server, count: true, deliver);
            server.Shutdown(SocketShutdown.Send);
            await answers;
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool count, bool deliver)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and var length)
            {
                var cut = count && Interlocked.Decrement(ref _left) == 0;
                if (cut)
                {
                    from.Close(); // the client learns nothing more
                }

                if (!cut || deliver)
                {
                    await to.SendAsync(buffer.AsMemory(0, length), _end.Token);
                }

                if (cut)
                {
                    return;
                }
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // one side is gone; the other follows
        }
    }

    private static string SocketIn(string folder) => Path.Combine(folder, ".s.PGSQL.5432");
}
