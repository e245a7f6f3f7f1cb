using System.Net;
using System.Net.Sockets;

namespace Tidegate.Drivers.Runtimes;

/// <summary>Finds ports on 127.0.0.1 that nobody listens on.</summary>
internal static class PortChoice
{
    // Below the range from which the kernel takes ports for outgoing connections (32768), so that a generation that
    // is started again finds its ports free.
    private const int First = 20_000;
    private const int Count = 12_000;

    /// <summary>The wished ports if they are free, else two others.</summary>
    /// <param name="wish">What was used last; null the first time.</param>
    /// <param name="taken">Ports that belong to somebody who may not listen yet.</param>
    public static GenerationPorts Choose(GenerationPorts? wish, IReadOnlySet<int> taken, Random random)
    {
        if (wish is not null && IsFree(wish.Http) && IsFree(wish.Evented))
        {
            return wish;
        }

        var free = Enumerable
            .Range(0, Count)
            .Select(_ => First + random.Next(Count))
            .Where(port => !taken.Contains(port) && IsFree(port))
            .Distinct()
            .Take(2)
            .ToArray();
        return free is [var http, var evented]
            ? new(http, evented)
            : throw new InvalidOperationException(
                $"No free port on 127.0.0.1 between {First} and {First + Count - 1}. See who listens with: ss -ltnp"
            );
    }

    private static bool IsFree(int port)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            probe.Listen();
            return true;
        }
        catch (SocketException busy) when (busy.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
