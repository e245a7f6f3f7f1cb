using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Tidegate.Gateway.Forwarding;

/// <summary>Whether the one who asked is still there to read the answer.</summary>
internal static class ClientPresence
{
    /// <summary>
    /// True when the connection has ended, also when its end lies unread in the socket. A client that closed only its
    /// sending side counts as gone: it cannot be told from one that will ask again.
    /// </summary>
    public static bool IsGone(HttpContext context)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            return true;
        }

        try
        {
            return context.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket
                && socket.Poll(0, SelectMode.SelectRead)
                && socket.Available == 0;
        }
        catch (ObjectDisposedException)
        {
            return true; // closed between the two looks
        }
        catch (SocketException)
        {
            return true; // reset
        }
    }
}
