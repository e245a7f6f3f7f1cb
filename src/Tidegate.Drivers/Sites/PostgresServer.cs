using Npgsql;
using Tidegate.Drivers.Backups;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Sites;

/// <summary>The site's private PostgreSQL: made, configured, and as the launcher is to start it.</summary>
internal sealed class PostgresServer(SiteLayout layout, SiteOptions options, OsUser? user)
{
    // Connections: generations times their processes times what Odoo keeps open; each costs little while idle.
    private const string Settings = """
        # Written by Tidegate.
        max_connections = 300
        shared_buffers = 256MB
        max_wal_size = 2GB
        unix_socket_permissions = 0777
        timezone = 'UTC'
        log_timezone = 'UTC'
        log_line_prefix = '%m [%p] %u@%d %a '
        cluster_name = 'tidegate'

        """;

    private string Log => Path.Combine(layout.PostgresLog, "postgres.log");

    /// <summary>The cluster is there, with our configuration. An initdb that was interrupted is begun again.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        Folder.Passage(layout.Postgres, user);
        Folder.Private(layout.PostgresLog, user);
        Folder.Readable(layout.PostgresSocket, user);
        if (!Directory.Exists(layout.PostgresData))
        {
            await InitializeAsync(cancellationToken);
        }

        var connections =
            $"listen_addresses = ''\nunix_socket_directories = '{layout.PostgresSocket.Replace("'", "''", StringComparison.Ordinal)}'\nport = {SiteLayout.PostgresPort}\n";
        var backups = new BackupConfiguration(layout, user);
        await backups.PrepareAsync(cancellationToken);
        AtomicFile.Write(
            Path.Combine(layout.PostgresData, "postgresql.conf"),
            Settings + backups.ServerSettings + connections,
            user
        );
        AtomicFile.Write(Path.Combine(layout.PostgresData, "pg_hba.conf"), PeerMap.HostRules, user);
        PeerMap.Write(layout, user);
    }

    /// <summary>Whether it begins with the log that was archived: then it takes as long as there is of it.</summary>
    public bool IsToReplay => File.Exists(Path.Combine(layout.PostgresData, "recovery.signal"));

    /// <summary>How it is started.</summary>
    public ProcessSpec Spec() =>
        new(
            SiteProcesses.Postgres,
            [Path.Combine(options.PostgresBinaries, "postgres"), "-D", layout.PostgresData],
            ServerEnvironment.Variables,
            layout.Postgres,
            Log
        )
        {
            User = user?.Name,
            WantedFile = layout.UpFile,
        };

    /// <summary>
    /// Removes what a server that was killed left and what keeps the next one from starting once another process
    /// has its pid. Only when no process at all works in the data folder: PostgreSQL's own check stays otherwise.
    /// </summary>
    public void RemoveStaleLocks()
    {
        if (ProcessTable.WorkIn(layout.PostgresData))
        {
            return;
        }

        var socket = Path.Combine(layout.PostgresSocket, $".s.PGSQL.{SiteLayout.PostgresPort}");
        foreach (var file in new[] { Path.Combine(layout.PostgresData, "postmaster.pid"), socket, $"{socket}.lock" })
        {
            File.Delete(file);
        }
    }

    /// <summary>Whether it takes connections and can be written to. False while it recovers from a crash, or out of an archive.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(
                layout.Cluster.ConnectionString(SitePostgres.Maintenance, SitePostgres.Superuser)
            );
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand("select not pg_is_in_recovery()", connection);
            return await command.ExecuteScalarAsync(cancellationToken) is true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        foreach (var interrupted in Directory.EnumerateDirectories(layout.Postgres, ".data.*"))
        {
            Directory.Delete(interrupted, recursive: true);
        }

        var draft = Path.Combine(layout.Postgres, $".data.{Path.GetRandomFileName()}");
        Folder.Private(draft, user);
        var made = await ClusterMaking.InitializeAsync(options.PostgresBinaries, draft, user, cancellationToken);
        if (made.ExitCode != 0)
        {
            throw new ProcessStartException(
                $"The site's database cluster could not be made in {draft}: {made.Complaint}"
            );
        }

        Directory.Move(draft, layout.PostgresData);
    }
}
