using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.TenantBackups;

/// <summary>Which backups of tenants there are. What happens to one is recorded only by the job that did it, while it holds its lease.</summary>
public sealed partial class TenantBackupStore(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Columns =
        "id, tenant, site, job, kept, keep_until, taken_at, release, manifest, manifest_sha256, is_encrypted, database_bytes, dump_bytes, files, file_bytes, new_bytes, faults, verified_at, is_good, finding, expired_at";

    /// <summary>Records a backup whose manifest is stored. Doing it twice changes nothing.</summary>
    /// <exception cref="JobLeaseLostException">The job is another server's by now.</exception>
    public Task AddAsync(ClaimedJob claimed, TenantBackup backup, CancellationToken cancellationToken) =>
        GuardedAsync(
            claimed,
            $"""
            insert into tenant_backup ({Columns})
            select $3, $4, $5, $1, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, null, null, null, null
              from mine
            on conflict (id) do update set manifest_sha256 = excluded.manifest_sha256
            """,
            cancellationToken,
            backup.Id.Value,
            backup.Tenant.Value,
            backup.Site.Value,
            Word(backup.Kept),
            backup.KeepUntil?.ToUniversalTime(),
            backup.TakenAt.ToUniversalTime(),
            backup.Release,
            backup.Manifest,
            backup.ManifestSha256,
            backup.IsEncrypted,
            backup.DatabaseBytes,
            backup.DumpBytes,
            backup.Files,
            backup.FileBytes,
            backup.NewBytes,
            backup.Faults
        );

    /// <summary>Records what a verification found, and the objects that no later backup may count on.</summary>
    /// <exception cref="JobLeaseLostException">The job is another server's by now.</exception>
    public Task VerifiedAsync(
        ClaimedJob claimed,
        TenantBackup backup,
        bool isGood,
        string finding,
        IReadOnlyCollection<(string Key, string What)> damage,
        CancellationToken cancellationToken
    ) =>
        GuardedAsync(
            claimed,
            """
            with damage as (
                insert into damaged_object (site, tenant, key, what, found_at)
                select $4, $5, key, what, $8 from mine, unnest($9::text[], $10::text[]) as d (key, what)
                on conflict do nothing
            )
            update tenant_backup set verified_at = $8, is_good = $6, finding = $7 from mine where tenant_backup.id = $3
            """,
            cancellationToken,
            backup.Id.Value,
            backup.Site.Value,
            backup.Tenant.Value,
            isGood,
            finding,
            clock.GetUtcNow().ToUniversalTime(),
            damage.Select(damaged => damaged.Key).ToArray(),
            damage.Select(damaged => damaged.What).ToArray()
        );

    /// <summary>Records that backups are no more: before their manifests are removed.</summary>
    /// <exception cref="JobLeaseLostException">The job is another server's by now.</exception>
    public Task ExpireAsync(
        ClaimedJob claimed,
        IEnumerable<TenantBackupId> backups,
        CancellationToken cancellationToken
    ) =>
        GuardedAsync(
            claimed,
            """
            with gone as (update tenant_backup set expired_at = coalesce(expired_at, $4) from mine where tenant_backup.id = any($3))
            select from mine
            """,
            cancellationToken,
            backups.Select(backup => backup.Value).ToArray(),
            clock.GetUtcNow().ToUniversalTime()
        );

    /// <summary>The backup, also an expired one; null when there is none of that id.</summary>
    public async Task<TenantBackup?> FindAsync(TenantBackupId id, CancellationToken cancellationToken) =>
        await ReadAsync("where id = $1", cancellationToken, id.Value) is [var backup] ? backup : null;

    /// <summary>Every backup of a tenant that is kept, the newest first.</summary>
    /// <param name="site">Only those that this site has; null for all.</param>
    public Task<IReadOnlyList<TenantBackup>> OfTenantAsync(
        TenantName tenant,
        SiteName? site,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            "where tenant = $1 and ($2::text is null or site = $2) and expired_at is null order by taken_at desc, id desc",
            cancellationToken,
            tenant.Value,
            site?.Value
        );

    /// <summary>Tenants that whoever asks may see and that have no backup: the first few names, and how many they are.</summary>
    public async Task<(IReadOnlyList<TenantName> Names, long Count)> WithoutAsync(
        Visible visible,
        int most,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select name, count(*) over () from tenant t
             where not exists (select from tenant_backup b where b.tenant = t.name and b.expired_at is null)
               and ($2::text[] is null or name = any($2))
             order by name limit $1
            """
        );
        command.Bind(most, visible.Tenants);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new List<TenantName>();
        var count = 0L;
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(new TenantName(reader.GetString(0)));
            count = reader.GetInt64(1);
        }

        return (names, count);
    }

    /// <summary>Keys of the manifests of a tenant's expired backups.</summary>
    public Task<ImmutableHashSet<string>> ExpiredAsync(
        TenantName tenant,
        SiteName site,
        CancellationToken cancellationToken
    ) =>
        KeysAsync(
            "select manifest from tenant_backup where site = $1 and tenant = $2 and expired_at is not null",
            site,
            tenant,
            cancellationToken
        );

    /// <summary>The newest kept backup of each tenant that has one, by tenant.</summary>
    /// <param name="after">Only tenants whose names come after this one; null for the first page.</param>
    /// <param name="visible">Only of these tenants.</param>
    public Task<IReadOnlyList<TenantBackup>> NewestAsync(
        TenantName? after,
        Visible visible,
        int most,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            """
            where id in (
                select (select b.id from tenant_backup b where b.tenant = t.name and b.expired_at is null
                         order by b.taken_at desc limit 1)
                  from tenant t where t.name > coalesce($1, '') and ($3::text[] is null or t.name = any($3::text[]))
            ) order by tenant limit $2
            """,
            cancellationToken,
            after?.Value,
            most,
            visible.Tenants
        );

    /// <summary>Keys of objects that were found missing or changed.</summary>
    public Task<ImmutableHashSet<string>> DamagedAsync(
        SiteName site,
        TenantName tenant,
        CancellationToken cancellationToken
    ) => KeysAsync("select key from damaged_object where site = $1 and tenant = $2", site, tenant, cancellationToken);

    private async Task<ImmutableHashSet<string>> KeysAsync(
        string query,
        SiteName site,
        TenantName tenant,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(query);
        command.Bind(site.Value, tenant.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            keys.Add(reader.GetString(0));
        }

        return keys.ToImmutable();
    }

    private async Task GuardedAsync(
        ClaimedJob claimed,
        string statement,
        CancellationToken cancellationToken,
        params IEnumerable<object?> values
    )
    {
        var with = statement.StartsWith("with ", StringComparison.Ordinal) ? $", {statement[5..]}" : $" {statement}";
        await using var command = database.CreateCommand(
            $"with mine as (select from job where id = $1 and epoch = $2 and state = 'running' for update){with}"
        );
        command.Bind([claimed.Id.Value, claimed.Epoch, .. values]);
        foreach (var parameter in command.Parameters.Where(parameter => parameter.Value is DBNull))
        {
            parameter.NpgsqlDbType = NpgsqlDbType.TimestampTz;
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken) && reader.RecordsAffected < 1)
        {
            throw new JobLeaseLostException(claimed.Id);
        }
    }

    private async Task<IReadOnlyList<TenantBackup>> ReadAsync(
        string which,
        CancellationToken cancellationToken,
        params IEnumerable<object?> values
    )
    {
        await using var command = database.CreateCommand($"select {Columns} from tenant_backup {which}");
        command.Bind(values);
        foreach (var parameter in command.Parameters.Where(parameter => parameter.Value is DBNull))
        {
            parameter.NpgsqlDbType = NpgsqlDbType.Text;
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var backups = new List<TenantBackup>();
        while (await reader.ReadAsync(cancellationToken))
        {
            backups.Add(Read(reader));
        }

        return backups;
    }

    private static string Word(BackupClass kept) =>
        kept switch
        {
            BackupClass.Scheduled => "scheduled",
            BackupClass.Manual => "manual",
            BackupClass.Evidence => "evidence",
        };

    private static TenantBackup Read(NpgsqlDataReader row) =>
        new(
            new TenantBackupId(row.GetString(0)),
            new TenantName(row.GetString(1)),
            new SiteName(row.GetString(2)),
            new JobId(row.GetString(3)),
            Enum.Parse<BackupClass>(row.GetString(4), ignoreCase: true),
            row.Instant(5),
            row.GetFieldValue<DateTimeOffset>(6),
            row.GetString(7),
            row.GetString(8),
            row.GetString(9),
            row.GetBoolean(10),
            row.GetInt64(11),
            row.GetInt64(12),
            row.GetInt32(13),
            row.GetInt64(14),
            row.GetInt64(15),
            row.GetInt32(16),
            row.Instant(17) is { } at ? new(at, row.GetBoolean(18), row.GetString(19)) : null,
            row.Instant(20)
        );
}
