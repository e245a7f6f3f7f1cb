using System.Net;
using System.Net.Sockets;
using System.Text;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Backups;
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
        ?? Identity(layout, options)
        ?? Cluster(layout)
        ?? Control(options)
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

    // Pools name their site: one that has served any keeps its name. And a fleet is not left behind unseen.
    private static SiteRefusal? Identity(SiteLayout layout, SiteOptions options) =>
        NameRules.Refusal("site", options.Name) is { } name ? new(name, "choose another --name.")
        : SiteOptions.Read(layout) is not { } last ? null
        : !string.Equals(last.Name, options.Name, StringComparison.Ordinal) && HasPools(layout)
            ? new(
                $"the home {layout.Home} is site {last.Name}, by which name its pools know it; it cannot become {options.Name}.",
                "leave --name out, or choose another --home."
            )
        : last.Control is null && options.Control is not null
            ? new(
                $"the home {layout.Home} holds a control plane of its own, with its fleet; it cannot join that of {options.Control}.",
                "leave --control out, or choose another --home for a site that joins."
            )
        : null;

    private static bool HasPools(SiteLayout layout) =>
        Directory.Exists(layout.Pools) && Directory.EnumerateDirectories(layout.Pools).Any();

    private static SiteRefusal? Control(SiteOptions options)
    {
        if (options.Control is null)
        {
            return null;
        }

        var control = new SiteLayout(options.Control);
        return SiteOptions.Read(control) switch
        {
            null => new(
                $"{options.Control} is no home of a site.",
                $"bring it up first: tidegate site up --home {options.Control}"
            ),
            { Control: { } further } => new(
                $"{options.Control} holds no control plane: it has joined that of {further}.",
                $"--control {further}"
            ),
            _ => File.Exists(Path.Combine(control.PostgresSocket, $".s.PGSQL.{SiteLayout.PostgresPort}"))
                ? null
                : new(
                    $"the control plane's database in {options.Control} does not run.",
                    $"tidegate site up --home {options.Control}"
                ),
        };
    }

    // A new, empty cluster in the place of one that was lost would look like a site that has forgotten everything.
    private static SiteRefusal? Cluster(SiteLayout layout) =>
        File.Exists(layout.UnfinishedRestore)
            ? new(
                $"the restore of the cluster in {layout.PostgresData} was begun and has not ended.",
                $"give it again: tidegate site restore --home {layout.Home}"
            )
        : RepositoryPlace.Refusal(layout) is { } wrong ? new(wrong, "mend it, or remove the file.")
        : !Directory.Exists(layout.PostgresData) && MayHaveBackups(layout)
            ? new(
                $"the cluster in {layout.PostgresData} is gone, and {RepositoryPlace.Where(layout)} holds backups of it.",
                $"tidegate site restore --home {layout.Home}, or move the repository away to begin anew."
            )
        : null;

    // A bucket may not answer now. The passphrase was made when the site first came up: since then there may be some.
    private static bool MayHaveBackups(SiteLayout layout) =>
        File.Exists(layout.RepositoryFile)
            ? File.Exists(layout.BackupPassphrase)
            : File.Exists(Path.Combine(layout.BackupRepository, "backup", PgBackRest.Stanza, "backup.info"));

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
