using Npgsql;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Catalog.Differences;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Rehearsals.Prediction;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Rehearsals;

/// <summary>Records of rehearsals.</summary>
public sealed partial class RehearsalStore(NpgsqlDataSource database) : IRehearsalRecords
{
    private const string Brief = """
        id, tenant, site, from_release, from_digest, to_release, to_digest, modules_fingerprint, backup, data_at,
        started_at, ended_at, passed, reason, class, parts::text
        """;

    public async Task SaveAsync(RehearsalRecord record, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            with saved as (
                insert into rehearsal (id, tenant, site, from_release, from_digest, to_release, to_digest,
                                       modules_fingerprint, backup, is_backup, data_at, started_at, ended_at, passed,
                                       reason, class, parts, record)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17::jsonb, $18::jsonb)
                on conflict (id) do nothing
                returning id
            )
            insert into ledger (at, kind, actor, digest, step, reason)
            select $13, 'outcome', 'engine', $7, 'rehearsal', 'rehearsal ' || id || ' of ' || $2 || ': ' || $15 from saved
            """
        );
        command.Bind(
            record.Id.Value,
            record.Tenant.Value,
            record.Site.Value,
            record.From.Name,
            record.From.Digest.Value,
            record.To.Name,
            record.To.Digest.Value,
            record.ModulesFingerprint,
            record.Source.Label,
            record.Source.IsBackup,
            record.Source.DataAt.ToUniversalTime(),
            record.StartedAt.ToUniversalTime(),
            record.EndedAt.ToUniversalTime(),
            record.HasPassed,
            record.Reason,
            record.Class?.Class.ToString().ToLowerInvariant(),
            record.Parts is { } parts ? StoredJson.Write(parts) : null,
            StoredJson.Write(record)
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The whole record, or null.</summary>
    public async Task<RehearsalRecord?> FindAsync(JobId id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select record::text from rehearsal where id = $1");
        command.Bind(id.Value);
        return await command.ExecuteScalarAsync(cancellationToken) is string record
            ? StoredJson.Read<RehearsalRecord>(record)
            : null;
    }

    /// <summary>The newest first.</summary>
    /// <param name="tenant">Null for all.</param>
    /// <param name="visible">Only of these tenants.</param>
    public Task<IReadOnlyList<RehearsalBrief>> ListAsync(
        string? tenant,
        Visible visible,
        int most,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            $"""
            select {Brief} from rehearsal
             where ($1::text is null or tenant = $1) and ($3::text[] is null or tenant = any($3))
             order by ended_at desc limit $2
            """,
            cancellationToken,
            tenant,
            most,
            visible.Tenants
        );

    /// <summary>Of each tenant that rehearsed this release, its newest rehearsal of it.</summary>
    public Task<IReadOnlyList<RehearsalBrief>> NewestAsync(
        ReleaseDigest release,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            $"select distinct on (tenant) {Brief} from rehearsal where to_digest = $1 order by tenant, ended_at desc",
            cancellationToken,
            release.Value
        );

    private async Task<IReadOnlyList<RehearsalBrief>> ReadAsync(
        string query,
        CancellationToken cancellationToken,
        params object?[] values
    )
    {
        await using var command = database.CreateCommand(query);
        command.Bind(values);
        var briefs = new List<RehearsalBrief>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            briefs.Add(Read(row));
        }

        return briefs;
    }

    private static RehearsalBrief Read(NpgsqlDataReader row) =>
        new(
            new JobId(row.GetString(0)),
            new TenantName(row.GetString(1)),
            new SiteName(row.GetString(2)),
            new ReleaseRef(row.GetString(3), ReleaseDigest.Create(row.GetString(4))),
            new ReleaseRef(row.GetString(5), ReleaseDigest.Create(row.GetString(6))),
            row.GetString(7),
            row.GetString(8),
            row.GetFieldValue<DateTimeOffset>(9),
            row.GetFieldValue<DateTimeOffset>(10),
            row.GetFieldValue<DateTimeOffset>(11),
            row.GetBoolean(12),
            row.GetString(13),
            row.Text(14) is { } kind ? Enum.Parse<ReleaseClass>(kind, ignoreCase: true) : null,
            row.Text(15) is { } parts ? StoredJson.Read<CutoverParts>(parts) : null
        );
}
