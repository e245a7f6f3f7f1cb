using Npgsql;

namespace Tidegate.Drivers.Databases;

/// <summary>A site's PostgreSQL cluster: reached through its unix socket only, by peer authentication.</summary>
/// <param name="SocketDirectory">Absolute path of the folder that holds the socket.</param>
public sealed record SitePostgres(string SocketDirectory, int Port)
{
    /// <summary>The cluster's maintenance database: statements about databases run here, and schema <c>tidegate</c> lives here.</summary>
    public const string Maintenance = "postgres";

    /// <summary>The bootstrap superuser. Only <see cref="SiteDatabase"/>, registration of foreign databases, and healing of a database that was given away use it.</summary>
    public const string Superuser = "postgres";

    /// <summary>
    /// How to reach a database as a role. Never pooled: a connection kept open would keep the database busy and
    /// refuse its rename.
    /// </summary>
    public string ConnectionString(string database, string role, string applicationName = "tidegate") =>
        new NpgsqlConnectionStringBuilder
        {
            Host = SocketDirectory,
            Port = Port,
            Database = database,
            Username = role,
            ApplicationName = applicationName,
            Pooling = false,
            CommandTimeout = 0,
            IncludeErrorDetail = true,
        }.ConnectionString;

    /// <summary>A session of its own; whoever asked disposes it.</summary>
    internal Task<PostgresSession> OpenAsync(string database, string role, CancellationToken cancellationToken) =>
        PostgresSession.OpenAsync(ConnectionString(database, role), cancellationToken);
}
