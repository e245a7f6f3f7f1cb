using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tidegate.Drivers.Journeys.Series19;

/// <summary>The bus: a handshake at the evented process, closed as soon as it is granted.</summary>
internal static class WebsocketHandshake
{
    /// <summary>A client of another version is told to reload; the handshake itself is granted to any.</summary>
    private const string Path = "/websocket?version=19.0-2";

    public static async Task<string> MakeAsync(
        JourneyTarget target,
        TenantBrowser browser,
        CancellationToken cancellationToken
    )
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, target.Ports.Evented, cancellationToken);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Request(target, browser), cancellationToken);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var status = await reader.ReadLineAsync(cancellationToken) ?? "nothing";
        return status.Contains(" 101 ", StringComparison.Ordinal)
            ? status
            : throw new JourneyException($"the handshake was answered with {status}");
    }

    private static byte[] Request(JourneyTarget target, TenantBrowser browser)
    {
        var request = new StringBuilder($"GET {Path} HTTP/1.1\r\n");
        (string Name, string Value)[] upgrade =
        [
            ("Connection", "Upgrade"),
            ("Upgrade", "websocket"),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), // RFC 6455's own example
            ("Origin", target.PublicUrl.GetLeftPart(UriPartial.Authority)),
        ];
        foreach (var (name, value) in browser.Headers().Concat(upgrade))
        {
            request.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return Encoding.ASCII.GetBytes(request.Append("\r\n").ToString());
    }
}
