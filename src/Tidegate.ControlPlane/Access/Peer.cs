using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Tidegate.ControlPlane.Access;

/// <summary>The operating system's user at the other end of the unix socket, as the kernel says it (SO_PEERCRED, unix(7)).</summary>
public static partial class Peer
{
    private const int SolSocket = 1;
    private const int SoPeerCredentials = 17;

    /// <summary>The user that this process runs as.</summary>
    public static Identity Own { get; } =
        Identity.OperatingSystemUser(EffectiveUser().ToString(CultureInfo.InvariantCulture));

    /// <summary>Null where the connection has no such peer.</summary>
    public static Identity? Of(HttpContext context) =>
        UserOf(context) is { } user ? Identity.OperatingSystemUser(user.ToString(CultureInfo.InvariantCulture)) : null;

    private static uint? UserOf(HttpContext context)
    {
        if (
            context.Features.Get<IConnectionSocketFeature>()?.Socket is not { AddressFamily: AddressFamily.Unix } socket
        )
        {
            return null;
        }

        // struct ucred { pid_t pid; uid_t uid; gid_t gid; }
        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(SolSocket, SoPeerCredentials, credentials);
        return BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]);
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
