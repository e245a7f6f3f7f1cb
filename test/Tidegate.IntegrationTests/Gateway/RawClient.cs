using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Gateway;

/// <summary>A client that writes its bytes itself: half requests, half-closed connections, odd spellings.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private int port;

    public static async Task<RawClient> ConnectAsync(Uri gateway)
    {
        var client = new RawClient();
        await client.socket.ConnectAsync(IPAddress.Loopback, gateway.Port, TestContext.Current.CancellationToken);
        client.port = ((IPEndPoint)client.socket.LocalEndPoint!).Port;
        return client;
    }

    public static string Post(string path, string body, string headers = "") =>
        $"POST {path} HTTP/1.1\r\nHost: {GatewaySite.Host}\r\n{headers}Content-Length: {body.Length}\r\n\r\n{body}";

    public async Task SendAsync(string text) =>
        await socket.SendAsync(Encoding.Latin1.GetBytes(text), TestContext.Current.CancellationToken);

    public void CloseSendingSide() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection with a reset, as a killed process with unread data does.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    /// <summary>Waits until the other side's kernel knows that this connection has ended: on a busy machine that is not at once.</summary>
    public Task HasReachedAsync(Uri gateway) =>
        Eventually.IsTrueAsync(
            () =>
                IPGlobalProperties
                    .GetIPGlobalProperties()
                    .GetActiveTcpConnections()
                    .FirstOrDefault(each => each.LocalEndPoint.Port == gateway.Port && each.RemoteEndPoint.Port == port)
                    ?.State
                    is null
                        or TcpState.CloseWait
                        or TcpState.LastAck
                        or TcpState.Closed,
            () => "the connection's end has not arrived"
        );

    /// <summary>Reads until the text has come, or the connection ends; gives all that came.</summary>
    public async Task<string> ReadUntilAsync(string wanted)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(TimeSpan.FromSeconds(15));
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().Contains(wanted, StringComparison.Ordinal))
        {
            var count = await socket.ReceiveAsync(buffer, bound.Token);
            if (count == 0)
            {
                break;
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    public void Dispose() => socket.Dispose();
}
