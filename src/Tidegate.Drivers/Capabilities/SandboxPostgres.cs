using System.Collections.Immutable;
using Npgsql;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Capabilities;

/// <summary>A PostgreSQL that lives as long as the sandbox: no shop's cluster is touched, and nothing waits for the disk.</summary>
internal sealed class SandboxPostgres(Sandbox sandbox, TimeProvider clock)
{
    /// <summary>An empty database, owned by <see cref="Role"/>.</summary>
    public const string Database = "scratch";

    /// <summary>Odoo's login role: no superuser, and may make no database.</summary>
    public const string Role = "odoo";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    private static readonly ImmutableDictionary<string, string> Environment = ImmutableDictionary.CreateRange(
        StringComparer.Ordinal,
        [
            KeyValuePair.Create("PATH", "/usr/bin:/bin"),
            KeyValuePair.Create("LANG", "C.UTF-8"),
            KeyValuePair.Create("TZ", "UTC"),
        ]
    );

    /// <summary>How the sandbox's processes reach it: by its socket, whose folder nobody else can enter.</summary>
    public SitePostgres Site => new(sandbox.Folder, SiteLayout.PostgresPort);

    /// <summary>Makes and starts it, with the empty database.</summary>
    /// <returns>Its version.</returns>
    /// <exception cref="ProcessStartException">It did not come up.</exception>
    public async Task<string> StartAsync(string binaries, CancellationToken cancellationToken)
    {
        await InitializeAsync(binaries, cancellationToken);
        await sandbox.StartAsync(
            Sandbox.Postgres,
            [
                Path.Combine(binaries, "postgres"),
                "-D",
                sandbox.In("data"),
                .. Options(
                    "listen_addresses=",
                    $"unix_socket_directories=\"{sandbox.Folder}\"",
                    FormattableString.Invariant($"port={SiteLayout.PostgresPort}"),
                    "max_connections=40",
                    "shared_buffers=64MB",
                    "fsync=off",
                    "full_page_writes=off",
                    "synchronous_commit=off",
                    "autovacuum=off"
                ),
            ],
            Environment,
            cancellationToken
        );
        await UntilItAnswersAsync(cancellationToken);
        await using var session = await OpenAsync(SitePostgres.Maintenance, cancellationToken);
        await session.ExecuteAllAsync(
            [
                $"CREATE ROLE {Role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE",
                $"CREATE DATABASE {Database} OWNER {Role} TEMPLATE template0 ENCODING 'UTF8'",
            ],
            cancellationToken
        );
        return await session.ScalarAsync<string>("SHOW server_version", [], cancellationToken) ?? "";
    }

    private async Task InitializeAsync(string binaries, CancellationToken cancellationToken)
    {
        var made = await sandbox.RunAsync(
            Environment,
            [
                Path.Combine(binaries, "initdb"),
                $"--pgdata={sandbox.In("data")}",
                $"--username={SitePostgres.Superuser}",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale-provider=libc",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            cancellationToken
        );
        if (made.ExitCode != 0)
        {
            throw new ProcessStartException(
                $"the sandbox's database cluster could not be made in {sandbox.Folder}: {made.Complaint}"
            );
        }
    }

    private async Task UntilItAnswersAsync(CancellationToken cancellationToken)
    {
        var deadline = clock.GetUtcNow() + Bound;
        while (true)
        {
            try
            {
                await using var session = await OpenAsync(SitePostgres.Maintenance, cancellationToken);
                return;
            }
            catch (NpgsqlException) when (sandbox.Runs(Sandbox.Postgres) && clock.GetUtcNow() < deadline)
            {
                await Task.Delay(Glance, clock, cancellationToken); // not listening yet
            }
            catch (NpgsqlException silent)
            {
                throw new ProcessStartException(
                    $"the sandbox's PostgreSQL does not answer: {silent.Message}; its log ends with: {sandbox.LogTailOf(Sandbox.Postgres)}",
                    silent
                );
            }
        }
    }

    private Task<PostgresSession> OpenAsync(string database, CancellationToken cancellationToken) =>
        Site.OpenAsync(database, SitePostgres.Superuser, cancellationToken);

    private static IEnumerable<string> Options(params IEnumerable<string> settings) =>
        settings.SelectMany(setting => new[] { "-c", setting });
}
