using Npgsql;
using NpgsqlTypes;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Refreshes;

/// <summary>Which tenants git says are copies, and what came of their refreshes. Empty while no repository is followed.</summary>
public sealed class StagingStore(NpgsqlDataSource database)
{
    /// <summary>Every staging tenant, by name.</summary>
    public async Task<IReadOnlyList<StagingTenant>> ListAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "select tenant, time_zone, terms, since from staging_tenant order by tenant"
        );
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var all = new List<StagingTenant>();
        while (await row.ReadAsync(cancellationToken))
        {
            all.Add(
                new(
                    new TenantName(row.GetString(0)),
                    row.GetString(1),
                    StoredJson.Read<CopyTerms>(row.GetString(2)),
                    row.GetFieldValue<DateTimeOffset>(3)
                )
            );
        }

        return all;
    }

    /// <summary>Of each tenant that was ever refreshed the newest, and when the newest that came to its end was ordered.</summary>
    public async Task<IReadOnlyDictionary<TenantName, (LastRefresh Last, DateTimeOffset? SucceededAt)>> RefreshesAsync(
        IReadOnlyCollection<TenantName> tenants,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            with refresh as (
                select j.id, j.subject, j.created_at, r.outcome in ('completed', 'completed_with_exceptions') is true as is_done,
                       j.state <> 'ended' or (r.id is not null and r.outcome is null) as is_under_way,
                       coalesce(j.failure, case when j.outcome = 'cancelled' then 'it was cancelled.' end,
                                'rollout ' || r.id || ' ended ' || r.outcome || coalesce(': ' || r.reason, '') || '.') as failure
                  from job j left join rollout r on r.id = $3 || substr(j.id, 3)
                 where j.kind = $2 and j.subject = any($1)
            )
            select distinct on (n.subject) n.id, n.created_at, n.is_under_way, n.is_done, n.failure,
                   (select max(d.created_at) from refresh d where d.is_done and d.subject = n.subject), n.subject
              from refresh n order by n.subject, n.created_at desc, n.id desc
            """
        );
        command.Bind(tenants.Select(tenant => tenant.Value).ToArray(), RefreshJob.Kind.Name, RefreshJob.RolloutPrefix);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var refreshes = new Dictionary<TenantName, (LastRefresh, DateTimeOffset?)>();
        while (await row.ReadAsync(cancellationToken))
        {
            var (isUnderWay, isDone) = (row.GetBoolean(2), row.GetBoolean(3));
            var last = new LastRefresh(
                row.GetString(0),
                row.GetFieldValue<DateTimeOffset>(1),
                isUnderWay,
                isUnderWay || isDone ? null : row.Text(4)
            );
            refreshes.Add(new(row.GetString(6)), (last, row.Instant(5)));
        }

        return refreshes;
    }

    /// <summary>Makes these the staging tenants, and no others, in a transaction of its own.</summary>
    public async Task ReplaceAsync(IReadOnlyCollection<StagingTenant> all, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ReplaceAsync(connection, all, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The same inside the caller's transaction, which must be open on <paramref name="connection"/>. Of one that is said in the same words as before, it stays known since when.</summary>
    public static async Task ReplaceAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<StagingTenant> all,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        var gone = new NpgsqlBatchCommand("delete from staging_tenant where tenant <> all($1)");
        gone.Parameters.Add(new() { Value = all.Select(each => each.Name.Value).ToArray() });
        batch.BatchCommands.Add(gone);
        foreach (var each in all)
        {
            var command = new NpgsqlBatchCommand(
                """
                insert into staging_tenant as s (tenant, source, time_zone, terms, since) values ($1, $2, $3, $4, $5)
                on conflict (tenant) do update
                   set source = excluded.source, time_zone = excluded.time_zone, terms = excluded.terms, since = excluded.since
                 where (s.time_zone, s.terms) is distinct from (excluded.time_zone, excluded.terms)
                """
            );
            command.Parameters.Add(new() { Value = each.Name.Value });
            command.Parameters.Add(new() { Value = each.Terms.Source.Value });
            command.Parameters.Add(new() { Value = each.TimeZone });
            command.Parameters.Add(new() { Value = StoredJson.Write(each.Terms), NpgsqlDbType = NpgsqlDbType.Jsonb });
            command.Parameters.Add(new() { Value = each.Since.ToUniversalTime() });
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
