using System.Net.Sockets;

namespace Tidegate.Drivers.Sites;

/// <summary>Whether somebody listens on a unix socket.</summary>
internal static class UnixSocket
{
    public static async Task<bool> AnswersAsync(string path, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false; // not there, or left by one that has ended
        }
    }
}
