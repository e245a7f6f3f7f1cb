using System.Net;
using System.Net.Sockets;

namespace Tidegate.Drivers.Runtimes;

/// <summary>Whether the parts of a generation answer. That they answer says nothing about a tenant.</summary>
internal sealed class GenerationProbe(HttpClient http)
{
    /// <summary>Web workers and evented process say that they serve.</summary>
    public async Task<bool> ServesAsync(GenerationPorts ports, CancellationToken cancellationToken) =>
        await IsHealthyAsync($"http://127.0.0.1:{ports.Http}/web/health", cancellationToken)
        && await IsHealthyAsync($"http://127.0.0.1:{ports.Evented}/web/health", cancellationToken);

    /// <summary>The fork server answers a ping.</summary>
    public static async Task<bool> AnswersAsync(string socketPath, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync("{\"op\":\"ping\"}\n"u8.ToArray(), cancellationToken);
            using var reader = new StreamReader(stream);
            return await reader.ReadLineAsync(cancellationToken) is { } answer
                && answer.Contains("\"pid\"", StringComparison.Ordinal);
        }
        catch (Exception none) when (none is SocketException or IOException)
        {
            return false; // not there yet, or gone
        }
    }

    private async Task<bool> IsHealthyAsync(string address, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(address), cancellationToken);
            return answer.StatusCode is HttpStatusCode.OK
                && (await answer.Content.ReadAsStringAsync(cancellationToken)).Contains(
                    "pass",
                    StringComparison.Ordinal
                );
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet, or gone
        }
    }
}
