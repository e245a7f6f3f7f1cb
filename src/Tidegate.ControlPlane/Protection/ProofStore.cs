using Npgsql;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Refreshes;
using Tidegate.ControlPlane.Storage;
using Tidegate.ControlPlane.TenantBackups;

namespace Tidegate.ControlPlane.Protection;

/// <summary>A tenant of an environment, with what is stored of its own backups.</summary>
/// <param name="BackedUpAt">Of the newest that nothing is known against; null when there is none.</param>
public sealed record StoredTenant(
    TenantName Name,
    SiteName Site,
    string Database,
    ReleaseDigest Runs,
    DateTimeOffset? BackedUpAt
);

/// <summary>The newest restore of a site's whole cluster.</summary>
/// <param name="Databases">Those that came with it.</param>
public sealed record ClusterProof(RestoreProof Proof, IReadOnlyCollection<string> Databases);

/// <summary>What the control database knows of how tenants are protected. The number of statements does not depend on how many there are.</summary>
public sealed class ProofStore(NpgsqlDataSource database)
{
    /// <summary>An environment's tenants, by name.</summary>
    public async Task<IReadOnlyList<StoredTenant>> TenantsAsync(
        EnvironmentName environment,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select t.name, p.site, t.database, t.release,
                   (select max(b.taken_at) from tenant_backup b
                     where b.tenant = t.name and b.expired_at is null and b.faults = 0 and b.is_good is not false)
              from tenant t join pool p on p.name = t.pool
             where p.environment = $1 order by t.name
            """
        );
        command.Bind(environment.Value);
        var tenants = new List<StoredTenant>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            tenants.Add(
                new(
                    new TenantName(row.GetString(0)),
                    new SiteName(row.GetString(1)),
                    row.GetString(2),
                    ReleaseDigest.Create(row.GetString(3)),
                    row.Instant(4)
                )
            );
        }

        return tenants;
    }

    /// <summary>Every tenant of these sites, with its site and the size of its database where somebody has looked.</summary>
    public async Task<IReadOnlyDictionary<TenantName, (SiteName Site, long? Bytes)>> SizesAsync(
        IReadOnlyCollection<SiteName> sites,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select t.name, p.site, o.database_bytes from tenant t join pool p on p.name = t.pool
              left join tenant_observation o on o.tenant = t.name and o.database = t.database
             where p.site = any($1)
            """
        );
        command.Bind([Names(sites)]);
        var sizes = new Dictionary<TenantName, (SiteName, long?)>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            sizes[new TenantName(row.GetString(0))] = (
                new SiteName(row.GetString(1)),
                row.IsDBNull(2) ? null : row.GetInt64(2)
            );
        }

        return sizes;
    }

    /// <summary>Of each site the newest verification that restored its cluster, or that found something wrong.</summary>
    public async Task<IReadOnlyDictionary<SiteName, ClusterProof>> ClustersAsync(
        IReadOnlyCollection<SiteName> sites,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select distinct on (site) site, label, verified_at, finding, evidence, databases
              from cluster_backup
             where site = any($1) and expired_at is null and verified_at is not null
               and (level >= $2 or finding is not null)
             order by site, verified_at desc
            """
        );
        command.Bind(Names(sites), Rungs.Checked);
        var proofs = new Dictionary<SiteName, ClusterProof>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var evidence = row.Text(4) is { } stored ? StoredJson.Read<VerificationEvidence>(stored) : null;
            proofs[new SiteName(row.GetString(0))] = new(
                new(
                    $"the verification of backup {row.GetString(1)}",
                    row.GetFieldValue<DateTimeOffset>(2),
                    Took(evidence),
                    row.Text(3)
                ),
                [.. StoredJson.Read<BackedUpDatabase[]>(row.GetString(5)).Select(held => held.Name)]
            );
        }

        return proofs;
    }

    /// <summary>
    /// Of each tenant of these sites the newest verification of a backup of its own, the newest rehearsal that restored a
    /// backup, and the newest refresh of a staging tenant out of its backup that came to its end.
    /// </summary>
    public async Task<IReadOnlyList<(SiteName Site, TenantName Tenant, RestoreProof Proof)>> RestoresAsync(
        IReadOnlyCollection<SiteName> sites,
        CancellationToken cancellationToken
    )
    {
        // How long a verification took is how long the job did that found it.
        await using var command = database.CreateCommand(
            """
            select v.site, v.tenant, 'the verification of backup ' || v.id, v.verified_at,
                   extract(epoch from j.ended_at - j.started_at)::float8,
                   case when not v.is_good then v.finding end
              from (select distinct on (tenant) * from tenant_backup
                     where site = any($1) and expired_at is null and verified_at is not null
                     order by tenant, verified_at desc) v
              left join lateral (
                   select started_at, ended_at from job
                    where kind = $2 and subject = v.tenant and outcome = 'done' and started_at <= v.verified_at
                      and ended_at >= v.verified_at
                    order by created_at desc limit 1) j on true
            union all
            select r.site, r.tenant, 'rehearsal ' || r.id, r.ended_at,
                   (select sum((step ->> 'seconds')::float8) from jsonb_array_elements(r.record -> 'steps') step
                     where step ->> 'name' = 'restore'),
                   null
              from (select distinct on (tenant) * from rehearsal
                     where site = any($1) and is_backup and passed
                     order by tenant, ended_at desc) r
            union all
            select f.site, f.source, 'refresh ' || f.id || ' of ' || f.subject, f.at, f.seconds, null
              from (select distinct on (source) *
                      from (select j.site, j.id, j.subject, j.payload #>> '{source,tenant}' as source,
                                   (j.result #>> '{check,at}')::timestamptz as at,
                                   (j.result #>> '{check,seconds}')::float8 as seconds
                              from job j join rollout o on o.id = $4 || substr(j.id, 3) and o.outcome = 'completed'
                             where j.kind = $3 and j.site = any($1) and j.outcome = 'done') refreshed
                     where at is not null
                     order by source, at desc) f
            """
        );
        command.Bind(Names(sites), TenantBackupJobs.Verify.Name, RefreshJob.Kind.Name, RefreshJob.RolloutPrefix);
        var proofs = new List<(SiteName, TenantName, RestoreProof)>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            proofs.Add(
                (
                    new SiteName(row.GetString(0)),
                    new TenantName(row.GetString(1)),
                    new(
                        row.GetString(2),
                        row.GetFieldValue<DateTimeOffset>(3),
                        row.IsDBNull(4) ? null : TimeSpan.FromSeconds(row.GetDouble(4)),
                        row.Text(5)
                    )
                )
            );
        }

        return proofs;
    }

    private static TimeSpan? Took(VerificationEvidence? evidence) =>
        evidence is { FetchSeconds: { } fetch, ReplaySeconds: { } replay, CheckSeconds: { } check }
            ? TimeSpan.FromSeconds(fetch + replay + check)
            : null;

    private static string[] Names(IReadOnlyCollection<SiteName> sites) => [.. sites.Select(site => site.Value)];
}
