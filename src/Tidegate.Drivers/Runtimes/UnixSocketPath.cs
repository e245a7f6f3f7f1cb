using System.Text;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Runtimes;

/// <summary>A path that a process of a pool listens at.</summary>
internal static class UnixSocketPath
{
    private const int Longest = 107; // sockaddr_un, without its zero

    /// <exception cref="ProcessStartException">It is longer than a socket's name may be.</exception>
    public static void Require(string path, PoolName pool)
    {
        if (Encoding.UTF8.GetByteCount(path) > Longest)
        {
            throw new ProcessStartException(
                $"The path {path} is longer than the {Longest} bytes that a unix socket's name may have: give pool {pool} a shorter name, or the site a shorter home."
            );
        }
    }
}
