using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Tidegate.ControlPlane.Access;

/// <summary>Who asks: the operating system's user at the other end of the unix socket, as the kernel says it (SO_PEERCRED, unix(7)).</summary>
public static class Actor
{
    private const int SolSocket = 1;
    private const int SoPeerCredentials = 17;

    /// <summary><c>os/&lt;uid&gt;</c>, or <c>local</c> where the connection has no such peer (tests in process).</summary>
    public static string Of(HttpContext context)
    {
        if (
            context.Features.Get<IConnectionSocketFeature>()?.Socket is not { AddressFamily: AddressFamily.Unix } socket
        )
        {
            return "local";
        }

        // struct ucred { pid_t pid; uid_t uid; gid_t gid; }
        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(SolSocket, SoPeerCredentials, credentials);
        var user = BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]);
        return string.Create(CultureInfo.InvariantCulture, $"os/{user}");
    }
}
