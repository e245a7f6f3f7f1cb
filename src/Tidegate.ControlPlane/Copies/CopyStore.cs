using Npgsql;
using NpgsqlTypes;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Copies;

/// <summary>The copies that there are, each with owner, purpose, end and size. The ledger keeps when they came and went.</summary>
public sealed class CopyStore(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>
    /// Makes a copy known, before it is made: what is on disk and not known here is a leftover. Recording the same place
    /// again changes what is said of it.
    /// </summary>
    public async Task<CopyId> RecordAsync(NewCopy copy, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            with recorded as (
                insert into data_copy as c (id, kind, tenant, site, owner, purpose, job, database, folder, bytes, is_masked, made_at, expires_at)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                on conflict (site, place) where gone_at is null do update
                   set kind = excluded.kind, tenant = excluded.tenant, owner = excluded.owner, purpose = excluded.purpose,
                       job = excluded.job, database = excluded.database, folder = excluded.folder, bytes = excluded.bytes,
                       is_masked = excluded.is_masked, expires_at = excluded.expires_at
                returning c.id, c.place, xmax = 0 as is_new
            ), logged as (
                insert into ledger (at, kind, actor, tenant, step, reason)
                select $12, 'intent', $5, $3, 'copy', $2 || ' copy ' || id || ' at ' || place || ': ' || $6 from recorded where is_new
            )
            select id from recorded
            """
        );
        command.Bind(
            CopyId.New(clock).Value,
            Word(copy.Kind),
            copy.Tenant.Value,
            copy.Site.Value,
            copy.Owner,
            copy.Purpose,
            copy.Job?.Value,
            copy.Database,
            copy.Folder,
            copy.Bytes,
            copy.IsMasked,
            clock.GetUtcNow().ToUniversalTime(),
            copy.ExpiresAt?.ToUniversalTime()
        );
        Textual(command, 6, 7, 8);
        return new CopyId((string)(await command.ExecuteScalarAsync(cancellationToken))!);
    }

    /// <summary>A copy is gone. Saying it again changes nothing.</summary>
    public async Task ForgetAsync(CopyId copy, string actor, string? reason, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            with gone as (
                update data_copy set gone_at = $4 where id = $1 and gone_at is null returning id, tenant, place, kind
            )
            insert into ledger (at, kind, actor, tenant, step, reason)
            select $4, 'outcome', $2, tenant, 'drop-copy', kind || ' copy ' || id || ' at ' || place || ' is gone' || coalesce(': ' || $3, '') from gone
            """
        );
        command.Bind(copy.Value, actor, reason, clock.GetUtcNow().ToUniversalTime());
        Textual(command, 2);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Keeps a copy until another time, with its ledger entry.</summary>
    /// <returns>False when there is no such copy.</returns>
    public async Task<bool> ExtendAsync(
        CopyId copy,
        DateTimeOffset until,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            with extended as (
                update data_copy set expires_at = $5 where id = $1 and gone_at is null returning id, tenant
            )
            insert into ledger (at, kind, actor, tenant, step, reason)
            select $4, 'command', $2, tenant, 'extend-copy',
                   'copy ' || id || ' is kept until ' || to_char($5 at time zone 'utc', 'YYYY-MM-DD HH24:MI"Z"') || coalesce(': ' || $3, '')
              from extended
            """
        );
        command.Bind(copy.Value, actor, reason, clock.GetUtcNow().ToUniversalTime(), until.ToUniversalTime());
        Textual(command, 2);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Somebody is about to drop it.</summary>
    public async Task IntendToDropAsync(
        DataCopy copy,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            "insert into ledger (at, kind, actor, tenant, step, reason) values ($1, 'intent', $2, $3, 'drop-copy', $4)"
        );
        command.Bind(
            clock.GetUtcNow().ToUniversalTime(),
            actor,
            copy.What.Tenant.Value,
            $"copy {copy.Id} at {copy.Place}{(reason is null ? "" : $": {reason}")}"
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<DataCopy?> FindAsync(CopyId copy, CancellationToken cancellationToken) =>
        await ReadAsync("c.id = $1", cancellationToken, copy.Value) is [var found] ? found : null;

    /// <summary>Those that are there, the first to end first.</summary>
    /// <param name="tenant">Null for every tenant's.</param>
    /// <param name="site">Null for every site's.</param>
    public Task<IReadOnlyList<DataCopy>> ListAsync(string? tenant, string? site, CancellationToken cancellationToken) =>
        ReadAsync(
            "($1::text is null or c.tenant = $1) and ($2::text is null or c.site = $2)",
            cancellationToken,
            tenant,
            site
        );

    /// <summary>A site's whose time is over and that nobody works on. Not what serves as a tenant: the refresh that was due ends that.</summary>
    public async Task<IReadOnlyList<DataCopy>> DueAsync(SiteName site, CancellationToken cancellationToken) =>
        [
            .. (
                await ReadAsync(
                    "c.site = $1 and c.expires_at <= $2 and c.kind <> 'staging'",
                    cancellationToken,
                    site.Value,
                    clock.GetUtcNow().ToUniversalTime()
                )
            ).Where(copy => !copy.IsInUse),
        ];

    /// <summary>What on a site belongs to work that has not ended, or to a tenant.</summary>
    public async Task<SiteWork> WorkAsync(SiteName site, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select 'job', id from job where site = $1 and state <> 'ended'
            union all
            select 'upgrade', target ->> 'database' from upgrade where site = $1 and state <> 'ended'
            union all
            select 'tenant', t.database from tenant t join pool p on p.name = t.pool where p.site = $1
            """
        );
        command.Bind(site.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<(string Kind, string Name)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add((reader.GetString(0), reader.Text(1) ?? ""));
        }

        return new([.. Of("job").Select(id => new JobId(id))], [.. Of("upgrade")], [.. Of("tenant")]);

        IEnumerable<string> Of(string kind) => found.Where(each => each.Kind == kind).Select(each => each.Name);
    }

    private async Task<IReadOnlyList<DataCopy>> ReadAsync(
        string which,
        CancellationToken cancellationToken,
        params object?[] values
    )
    {
        await using var command = database.CreateCommand(
            $"""
            select c.id, c.kind, c.tenant, c.site, c.owner, c.purpose, c.job, c.database, c.folder, c.bytes, c.is_masked,
                   c.made_at, c.expires_at, coalesce(j.state <> 'ended', false)
              from data_copy c left join job j on j.id = c.job
             where c.gone_at is null and {which} order by c.expires_at, c.id
            """
        );
        command.Bind(values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var copies = new List<DataCopy>();
        while (await reader.ReadAsync(cancellationToken))
        {
            copies.Add(Read(reader));
        }

        return copies;
    }

    private static DataCopy Read(NpgsqlDataReader row) =>
        new(
            new CopyId(row.GetString(0)),
            new NewCopy(
                Enum.Parse<CopyKind>(row.GetString(1), ignoreCase: true),
                new TenantName(row.GetString(2)),
                new SiteName(row.GetString(3)),
                row.GetString(4),
                row.GetString(5),
                row.Text(6) is { } job ? new JobId(job) : null,
                row.Text(7),
                row.Text(8),
                row.GetInt64(9),
                row.GetBoolean(10),
                row.Instant(12)
            ),
            row.GetFieldValue<DateTimeOffset>(11),
            row.GetBoolean(13)
        );

    // Without a type PostgreSQL cannot tell what a null that is only joined to text would be.
    private static void Textual(NpgsqlCommand command, params ReadOnlySpan<int> places)
    {
        foreach (var place in places)
        {
            command.Parameters[place].NpgsqlDbType = NpgsqlDbType.Text;
        }
    }

    private static string Word(CopyKind kind) => kind.ToString().ToLowerInvariant();
}
