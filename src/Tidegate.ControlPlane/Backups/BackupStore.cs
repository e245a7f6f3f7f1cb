using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Backups;

/// <summary>The catalogue of all sites' backups, and how their archives stand.</summary>
public sealed class BackupStore(NpgsqlDataSource database)
{
    private const string Columns = """
        site, label, type, started_at, stopped_at, start_lsn, stop_lsn, start_segment, stop_segment, size, repository_size,
        prior, needs, has_page_errors, job, databases, level, verified_at, finding, evidence
        """;

    /// <summary>Makes the catalogue of a site what its repository lists; what was proven stays. What is gone is kept as expired.</summary>
    public async Task SaveAsync(
        SiteName site,
        ImmutableArray<(ClusterBackup Backup, ImmutableArray<BackedUpDatabase> Databases)> listed,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var (backup, databases) in listed)
        {
            await InsertAsync(connection, site, backup, databases, cancellationToken);
        }

        await using var expire = connection.CreateCommand();
        expire.CommandText =
            "update cluster_backup set expired_at = $2 where site = $1 and expired_at is null and label <> all ($3)";
        expire.Bind(site.Value, now.ToUniversalTime(), listed.Select(each => each.Backup.Label).ToArray());
        await expire.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The backups that there are, the newest first; at most <paramref name="most"/>.</summary>
    /// <param name="site">Null for those of every site.</param>
    public Task<ImmutableArray<StoredBackup>> ListAsync(
        SiteName? site,
        int most,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            "where ($1::text is null or site = $1) and expired_at is null order by stopped_at desc, site limit $2",
            cancellationToken,
            site?.Value,
            most
        );

    /// <summary>Every backup of a tenant's site that holds its database, also by the names that cutovers give it; the newest first.</summary>
    public Task<ImmutableArray<StoredBackup>> OfTenantAsync(TenantName tenant, CancellationToken cancellationToken) =>
        ReadAsync(
            """
            where expired_at is null and exists (
                select from tenant t join pool p on p.name = t.pool, jsonb_array_elements(databases) d
                 where t.name = $1 and p.site = cluster_backup.site
                   and (d ->> 'name' = t.database or starts_with(d ->> 'name', t.database || '__')))
            order by stopped_at desc, site
            """,
            cancellationToken,
            tenant.Value
        );

    /// <summary>One that is there; null when it is not, or has expired.</summary>
    public async Task<StoredBackup?> FindAsync(SiteName site, string label, CancellationToken cancellationToken) =>
        await ReadAsync("where site = $1 and label = $2 and expired_at is null", cancellationToken, site.Value, label)
            is [var found]
            ? found
            : null;

    /// <summary>Which of these labels the catalogue has already.</summary>
    public Task<ImmutableHashSet<string>> KnownAsync(SiteName site, CancellationToken cancellationToken) =>
        LabelsAsync("select label from cluster_backup where site = $1", site, cancellationToken);

    /// <summary>Those in which something was found to be wrong.</summary>
    public Task<ImmutableHashSet<string>> DamagedAsync(SiteName site, CancellationToken cancellationToken) =>
        LabelsAsync(
            "select label from cluster_backup where site = $1 and (finding is not null or has_page_errors)",
            site,
            cancellationToken
        );

    private async Task<ImmutableHashSet<string>> LabelsAsync(
        string query,
        SiteName site,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(query);
        command.Bind(site.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var labels = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            labels.Add(reader.GetString(0));
        }

        return labels.ToImmutable();
    }

    /// <summary>Records what a verification saw.</summary>
    /// <param name="finding">What is wrong; null when nothing is.</param>
    public async Task RecordAsync(
        SiteName site,
        string label,
        int level,
        string? finding,
        VerificationEvidence evidence,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            "update cluster_backup set level = $3, finding = $4, evidence = $5::jsonb, verified_at = $6 where site = $1 and label = $2"
        );
        command.Bind(site.Value, label, level, finding, StoredJson.Write(evidence), now.ToUniversalTime());
        command.Parameters[3].NpgsqlDbType = NpgsqlDbType.Text;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task SaveArchiveAsync(SiteName site, ArchiveState state, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            insert into archive_state values ($1, $2, $3::text, $4::timestamptz, $5::text, $6::text, $7::text, $8::text)
            on conflict (site) do update set seen_at = excluded.seen_at, last_archived = excluded.last_archived,
                last_archived_at = excluded.last_archived_at, complete_from = excluded.complete_from,
                complete_to = excluded.complete_to, gap = excluded.gap, problem = excluded.problem
            """
        );
        command.Bind(
            site.Value,
            state.SeenAt.ToUniversalTime(),
            state.LastArchived,
            state.LastArchivedAt?.ToUniversalTime(),
            state.CompleteFrom,
            state.CompleteTo,
            state.Gap,
            state.Problem
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>How a site is protected.</summary>
    public async Task<BackupFacts> FactsAsync(SiteName site, CancellationToken cancellationToken)
    {
        var newest = await ReadAsync(
            "where site = $1 and expired_at is null and finding is null and not has_page_errors order by stopped_at desc limit 1",
            cancellationToken,
            site.Value
        );
        var proven = await ReadAsync(
            "where site = $1 and expired_at is null and finding is null and level >= $2 order by stopped_at desc limit 1",
            cancellationToken,
            site.Value,
            Rungs.Checked
        );
        return new(
            site,
            newest is [var backup] ? backup : null,
            proven is [var good] ? good : null,
            await ArchiveAsync(site, cancellationToken)
        );
    }

    /// <summary>How often the site is to be backed up; null when nobody has said.</summary>
    public async Task<BackupSchedule?> ScheduleAsync(SiteName site, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "select full_every, differential_every from backup_schedule where site = $1"
        );
        command.Bind(site.Value);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new(row.GetFieldValue<TimeSpan>(0), row.IsDBNull(1) ? null : row.GetFieldValue<TimeSpan>(1))
            : null;
    }

    /// <summary>Says how often, with its ledger entry.</summary>
    public async Task SetScheduleAsync(
        SiteName site,
        BackupSchedule schedule,
        string actor,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            with said as (
                insert into backup_schedule values ($1, $2, $3::interval, $4, $5)
                on conflict (site) do update set full_every = excluded.full_every,
                    differential_every = excluded.differential_every, set_by = excluded.set_by, set_at = excluded.set_at
            )
            insert into ledger (at, kind, actor, step, reason)
            values ($5, 'command', $4, 'backup-schedule', 'site ' || $1 || ': full every ' || $2::text
                    || coalesce(', differential every ' || $3::interval::text, ''))
            """
        );
        command.Bind(site.Value, schedule.FullEvery, schedule.DifferentialEvery, actor, now.ToUniversalTime());
        command.Parameters[2].NpgsqlDbType = NpgsqlDbType.Interval;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>How the site's archive stood when it was last looked at; null before the first look.</summary>
    public async Task<ArchiveState?> ArchiveAsync(SiteName site, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "select seen_at, last_archived, last_archived_at, complete_from, complete_to, gap, problem from archive_state where site = $1"
        );
        command.Bind(site.Value);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new(
                row.GetFieldValue<DateTimeOffset>(0),
                row.Text(1),
                row.Instant(2),
                row.Text(3),
                row.Text(4),
                row.Text(5),
                row.Text(6)
            )
            : null;
    }

    private static async Task InsertAsync(
        NpgsqlConnection connection,
        SiteName site,
        ClusterBackup backup,
        ImmutableArray<BackedUpDatabase> databases,
        CancellationToken cancellationToken
    )
    {
        await using var command = connection.CreateCommand();
        command.CommandText = """
            insert into cluster_backup (site, label, type, started_at, stopped_at, start_lsn, stop_lsn, start_segment,
                stop_segment, size, repository_size, prior, needs, has_page_errors, job, databases)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::text, $13, $14, $15::text, $16::jsonb)
            on conflict (site, label) do update set expired_at = null
            """;
        command.Bind(
            site.Value,
            backup.Label,
            Word(backup.Type),
            backup.StartedAt.ToUniversalTime(),
            backup.StoppedAt.ToUniversalTime(),
            backup.Start.ToString(),
            backup.Stop.ToString(),
            backup.StartSegment.ToString(),
            backup.StopSegment.ToString(),
            backup.Size,
            backup.RepositorySize,
            backup.Prior,
            backup.References.ToArray(),
            backup.HasPageErrors,
            backup.Job,
            StoredJson.Write(databases)
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<ImmutableArray<StoredBackup>> ReadAsync(
        string which,
        CancellationToken cancellationToken,
        params IEnumerable<object?> values
    )
    {
        await using var command = database.CreateCommand($"select {Columns} from cluster_backup {which}");
        command.Bind(values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var backups = ImmutableArray.CreateBuilder<StoredBackup>();
        while (await reader.ReadAsync(cancellationToken))
        {
            backups.Add(Read(reader));
        }

        return backups.DrainToImmutable();
    }

    private static string Word(BackupType type) =>
        type switch
        {
            BackupType.Full => "full",
            BackupType.Differential => "differential",
            BackupType.Incremental => "incremental",
        };

    private static StoredBackup Read(NpgsqlDataReader row) =>
        new(
            new SiteName(row.GetString(0)),
            new(
                row.GetString(1),
                Enum.Parse<BackupType>(row.GetString(2), ignoreCase: true),
                row.GetFieldValue<DateTimeOffset>(3),
                row.GetFieldValue<DateTimeOffset>(4),
                WalPosition.Parse(row.GetString(5)),
                WalPosition.Parse(row.GetString(6)),
                WalSegment.Parse(row.GetString(7)),
                WalSegment.Parse(row.GetString(8)),
                row.GetInt64(9),
                row.GetInt64(10),
                row.Text(11),
                [.. row.GetFieldValue<string[]>(12)],
                row.GetBoolean(13),
                row.Text(14)
            ),
            StoredJson.Read<ImmutableArray<BackedUpDatabase>>(row.GetString(15)),
            row.GetInt32(16),
            row.Instant(17),
            row.Text(18),
            row.Text(19) is { } evidence ? StoredJson.Read<VerificationEvidence>(evidence) : null
        );
}
