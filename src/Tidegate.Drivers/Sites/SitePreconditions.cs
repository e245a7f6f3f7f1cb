using System.Net;
using System.Net.Sockets;
using System.Text;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Sites;

/// <summary>What can be known to be wrong before a site is started.</summary>
internal static class SitePreconditions
{
    // sockaddr_un holds 107 bytes and a zero; the longest path below the home is a migrator's socket of a pool with
    // a name of 20 letters.
    private const int LongestHome = 107 - 69;
    private const long LeastFreeBytes = 1L << 30;

    /// <summary>The first reason not to start, or null.</summary>
    /// <param name="gatewayRuns">Whether the port is the site's own already.</param>
    public static SiteRefusal? Check(SiteLayout layout, SiteOptions options, bool gatewayRuns) =>
        Home(layout.Home)
        ?? Passage(layout.Home)
        ?? Disk(layout.Home)
        ?? Programs(options)
        ?? Port(options, gatewayRuns);

    private static SiteRefusal? Home(string home) =>
        Encoding.UTF8.GetByteCount(home) <= LongestHome
            ? null
            : new(
                $"the home folder's path {home} is longer than {LongestHome} bytes: the names of its unix sockets would not fit.",
                "choose a shorter path, for example --home /srv/tidegate."
            );

    // As root, PostgreSQL and the pools run as users of their own, who must get to their folders.
    private static SiteRefusal? Passage(string home)
    {
        var closed = Native.IsRoot
            ? Ancestors(home)
                .FirstOrDefault(folder =>
                    Directory.Exists(folder) && !File.GetUnixFileMode(folder).HasFlag(UnixFileMode.OtherExecute)
                )
            : null;
        return closed is null
            ? null
            : new(
                $"the home folder {home} lies below {closed}, which other OS users cannot enter.",
                $"choose another --home, for example /srv/tidegate, or: chmod o+x {closed}"
            );
    }

    private static SiteRefusal? Disk(string home)
    {
        var free = new DriveInfo(Ancestors(home).Prepend(home).First(Directory.Exists)).AvailableFreeSpace;
        return free >= LeastFreeBytes
            ? null
            : new(
                $"the disk of {home} has {free >> 20} MiB free; a site needs at least {LeastFreeBytes >> 20} MiB to begin with.",
                "free some, or choose another --home."
            );
    }

    private static SiteRefusal? Programs(SiteOptions options) =>
        File.Exists(Path.Combine(options.PostgresBinaries, "initdb"))
        && File.Exists(Path.Combine(options.PostgresBinaries, "postgres"))
            ? null
            : new(
                $"{options.PostgresBinaries} holds no initdb and postgres.",
                $"install PostgreSQL 15 (apt-get install postgresql), or set {PostgresBinaries.Variable} to the folder of its initdb."
            );

    private static SiteRefusal? Port(SiteOptions options, bool gatewayRuns)
    {
        if (gatewayRuns)
        {
            return null;
        }

        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, options.Port));
            probe.Listen();
            return null;
        }
        catch (SocketException busy)
        {
            return new(
                $"port {options.Port} of 127.0.0.1 cannot be used for the gateway: {busy.Message}.",
                $"see who has it with: ss -ltnp 'sport = {options.Port}'; or choose another with --port."
            );
        }
    }

    private static IEnumerable<string> Ancestors(string path)
    {
        for (var folder = Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            yield return folder;
        }
    }
}
