using System.Collections.Immutable;
using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Recovery;

/// <summary>How a side cluster's server is started: reachable by its socket only, and unable to do anything outside of itself.</summary>
/// <remarks>
/// What keeps it from acting stands in the arguments, which nothing that was restored can overrule: it archives
/// nowhere, follows no subscription, loads no scheduler. What only makes it quick stands in its configuration, so that
/// who measures on it can say otherwise (<c>ALTER SYSTEM SET fsync = on</c>).
/// </remarks>
internal sealed class SideServer(SiteLayout layout, string binaries, JobId job, OsUser? user)
{
    private const string Settings = """
        # Written by Tidegate.
        fsync = off
        full_page_writes = off
        synchronous_commit = off
        autovacuum = off
        shared_buffers = 128MB
        maintenance_work_mem = 256MB
        max_wal_size = 4GB
        checkpoint_timeout = 1h

        """;

    private const string HostRules = "# Written by Tidegate.\nlocal all all peer map=side\n";

    /// <summary>Its process.</summary>
    public static string ProcessName(JobId job) => $"side.{job.Short}";

    public static string DataOf(SiteLayout layout, JobId job) => Path.Combine(layout.SideCluster(job), "data");

    public string Folder { get; } = layout.SideCluster(job);

    public string Data { get; } = DataOf(layout, job);

    public string Log => Path.Combine(Folder, "postgres.log");

    public SitePostgres Postgres => new(Folder, SiteLayout.PostgresPort);

    /// <summary>Replaces what was restored of the site's configuration; what ALTER SYSTEM and the recovery said stays.</summary>
    public void Configure()
    {
        AtomicFile.Write(Path.Combine(Data, "postgresql.conf"), Settings, user);
        AtomicFile.Write(Path.Combine(Data, "pg_hba.conf"), HostRules, user);
        AtomicFile.Write(Path.Combine(Data, "pg_ident.conf"), Peer(Environment.UserName, SitePostgres.Superuser), user);
    }

    /// <summary>Adds who may come in as which roles. It counts once the server was told to reload.</summary>
    public void Admit(string osUser, IEnumerable<string> roles)
    {
        var path = Path.Combine(Data, "pg_ident.conf");
        var known = AtomicFile.Read(path) ?? "";
        AtomicFile.Write(path, known + string.Concat(roles.Select(role => Peer(osUser, role))), user);
    }

    /// <param name="ignoresInvalidPages">Whether databases were left out, of which the log speaks nevertheless.</param>
    public ProcessSpec Spec(bool ignoresInvalidPages) =>
        new(
            ProcessName(job),
            [
                Path.Combine(binaries, "postgres"),
                "-D",
                Data,
                .. Arguments(ignoresInvalidPages).SelectMany(setting => new[] { "-c", setting }),
            ],
            ServerEnvironment.Variables,
            Folder,
            Log
        )
        {
            User = user?.Name,
            WantedFile = layout.UpFile,
        };

    private ImmutableArray<string> Arguments(bool ignoresInvalidPages) =>
        [
            "listen_addresses=",
            $"unix_socket_directories={Quoted(Folder)}",
            "unix_socket_permissions=0777",
            $"port={SiteLayout.PostgresPort}",
            $"hba_file={Path.Combine(Data, "pg_hba.conf")}",
            $"ident_file={Path.Combine(Data, "pg_ident.conf")}",
            "archive_mode=off",
            "wal_level=minimal",
            "max_wal_senders=0",
            "max_logical_replication_workers=0",
            "shared_preload_libraries=",
            "session_preload_libraries=",
            "hot_standby=off",
            "max_connections=100",
            "max_prepared_transactions=100",
            "cluster_name=side",
            "ssl=off",
            "logging_collector=off",
            "log_destination=stderr",
            "log_line_prefix=%m [%p] ",
            "log_timezone=UTC",
            "log_min_messages=warning",
            "lc_messages=C",
            "log_startup_progress_interval=1s",
            $"ignore_invalid_pages={(ignoresInvalidPages ? "on" : "off")}",
        ];

    // A list of folders: a comma would begin the next one.
    private static string Quoted(string folder) => $"\"{folder.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Peer(string osUser, string role) =>
        $"side \"{osUser}\" \"{role.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n";
}
