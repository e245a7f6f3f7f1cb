using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Tidegate.Gateway.Control;

/// <summary>The control API's unix socket.</summary>
internal static class ControlSocket
{
    /// <summary>Removes a socket that a killed gateway left. The lock on the state file has shown that no other one runs.</summary>
    public static void RemoveStale(string path) => File.Delete(path);

    /// <summary>Binds an endpoint; a unix socket gets mode 0600 before it listens, so that nobody else can ever connect.</summary>
    public static Socket Bind(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (endpoint is UnixDomainSocketEndPoint unix)
        {
            File.SetUnixFileMode(unix.ToString(), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return socket;
    }
}
