using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.TenantBackups;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.TenantBackups;

/// <summary>One instant of a tenant's database, held open: what is read here and what <c>pg_dump</c> reads with <see cref="Name"/> is the same.</summary>
internal sealed class TenantSnapshot : IAsyncDisposable
{
    private readonly PostgresSession _session;
    private readonly string _database;

    private TenantSnapshot(PostgresSession session, string database, string name)
    {
        _session = session;
        _database = database;
        Name = name;
    }

    /// <summary>What other sessions take the snapshot by.</summary>
    public string Name { get; }

    public static async Task<TenantSnapshot> OpenAsync(
        SitePostgres site,
        string database,
        string applicationName,
        CancellationToken cancellationToken,
        string role = DatabaseNames.SiteRole
    )
    {
        var session = await PostgresSession.OpenAsync(
            site.ConnectionString(database, role, applicationName),
            cancellationToken
        );
        try
        {
            await session.ExecuteAllAsync(TableFingerprints.Settings, cancellationToken);
            await session.ExecuteAsync("begin isolation level repeatable read read only", cancellationToken);
            var name = await session.ScalarAsync<string>("select pg_export_snapshot()", [], cancellationToken);
            return new(session, database, name!);
        }
        catch
        {
            await session.DisposeAsync(); // whatever went wrong: nobody gets this session
            throw;
        }
    }

    /// <summary>Name, identity, place in the log, size and version, with the sequences' positions; the tables are not counted yet.</summary>
    public async Task<ManifestDatabase> FactsAsync(CancellationToken cancellationToken)
    {
        var facts = await _session.QueryAsync(
            """
            select oid::bigint, pg_current_wal_lsn()::text, pg_database_size(oid), current_setting('server_version')
              from pg_database where datname = current_database()
            """,
            [],
            row => (Oid: row.GetInt64(0), Lsn: row.GetString(1), Bytes: row.GetInt64(2), Server: row.GetString(3)),
            cancellationToken
        );
        var (oid, lsn, bytes, server) = facts[0];
        return new(
            _database,
            oid,
            lsn,
            bytes,
            server,
            [],
            await TableFingerprints.SequencesAsync(_session, cancellationToken),
            await DatabaseTraits.ReadAsync(_session, _database, cancellationToken)
        );
    }

    /// <summary>Major version of the server.</summary>
    public async Task<int> ServerMajorAsync(CancellationToken cancellationToken) =>
        await _session.ScalarAsync<int>(
            "select current_setting('server_version_num')::int / 10000",
            [],
            cancellationToken
        );

    /// <summary>Counts and hashes every table.</summary>
    public Task<ImmutableArray<TableFingerprint>> TablesAsync(CancellationToken cancellationToken) =>
        TableFingerprints.ReadAsync(_session, cancellationToken);

    /// <summary>Each file that the database counts on, once; none where it is no Odoo's.</summary>
    public async Task<ImmutableArray<string>> FilesAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _session.ScalarAsync<bool>(
                "select to_regclass('public.ir_attachment') is not null",
                [],
                cancellationToken
            )
                ? await _session.QueryAsync(
                    "select distinct store_fname from public.ir_attachment where store_fname is not null order by 1",
                    [],
                    row => row.GetString(0),
                    cancellationToken
                )
                : [];
        }
        catch (PostgresException wrong)
            when (wrong.SqlState is PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new JobFailedException(
                $"the attachments of {_database} cannot be listed: {wrong.MessageText}. A backup without its files is none.",
                wrong
            );
        }
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();
}
