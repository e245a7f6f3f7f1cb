using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Rollouts;

public sealed partial class RolloutStore
{
    public async Task<EnvironmentRisk?> RiskAsync(ClaimedRollout rollout, CancellationToken cancellationToken)
    {
        if (
            await LimitsAsync(rollout.Summary.Id, cancellationToken)
            is not
            (var environment, var limits, var places, var origin)
        )
        {
            return null;
        }

        await using var command = database.CreateCommand(
            """
            with begun as (
                select u.tenant, u.site, o.environment from upgrade u join rollout o on o.id = u.rollout
                 where u.state <> 'ended' and u.state <> 'pending'
            )
            select count(*), coalesce(sum(t.stores), 0)::bigint, coalesce(sum(t.revenue), 0)::bigint,
                   count(b.tenant), coalesce(sum(t.stores) filter (where b.tenant is not null), 0)::bigint,
                   coalesce(sum(t.revenue) filter (where b.tenant is not null), 0)::bigint,
                   (select coalesce(jsonb_object_agg(site, tenants), '{}')
                      from (select site, count(*) as tenants from begun where environment = $1 group by site) s)
              from tenant t join pool p on p.name = t.pool left join begun b on b.tenant = t.name
             where p.environment = $1
            """
        );
        Bind(command, environment.Value);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new(
            environment,
            limits,
            places,
            new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)),
            new(row.GetInt64(3), row.GetInt64(4), row.GetInt64(5)),
            StoredJson
                .Read<Dictionary<string, int>>(row.GetString(6))
                .ToImmutableDictionary(site => new SiteName(site.Key), site => site.Value)
        )
        {
            Origin = origin,
        };
    }

    public async Task<IReadOnlyList<RiskCandidate>> WeighAsync(
        ClaimedRollout rollout,
        RolloutDecision.Start wanted,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select u.id, u.tenant, u.site, coalesce(t.stores, 1), coalesce(t.revenue, 1)
              from upgrade u left join tenant t on t.name = u.tenant
             where u.rollout = $1 and u.wave = $2 and u.state = 'pending' and u.site = any($3)
               and ($4::text[] is null or u.id = any($4::text[]))
             order by u.ordinal
            """
        );
        Bind(
            command,
            rollout.Summary.Id.Value,
            wanted.Wave,
            wanted.Sites.Select(site => site.Site.Value).ToList(),
            wanted.Chosen?.Select(each => each.Id.Value).ToList()
        );
        var candidates = new List<RiskCandidate>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            candidates.Add(
                new(
                    new UpgradeId(row.GetString(0)),
                    new TenantName(row.GetString(1)),
                    new SiteName(row.GetString(2)),
                    new(1, row.GetInt32(3), row.GetInt32(4))
                )
            );
        }

        return candidates;
    }

    /// <summary>As git says them now.</summary>
    private async Task<(
        EnvironmentName Environment,
        LimitPolicy Limits,
        ImmutableSortedDictionary<string, string> Places,
        string Origin
    )?> LimitsAsync(RolloutId rollout, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select o.environment, e.policy -> 'limits', e.places, left(e.commit, 12), e.author
              from rollout o join environment_terms e on e.environment = o.environment
             where o.id = $1 and o.kind = 'release' and e.policy -> 'limits' is not null
            """
        );
        Bind(command, rollout.Value);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return
            await row.ReadAsync(cancellationToken)
            && StoredJson.Read<LimitPolicy>(row.GetString(1)) is { AsksNothing: false } limits
            ? (
                new EnvironmentName(row.GetString(0)),
                limits,
                StoredJson.Read<ImmutableSortedDictionary<string, string>>(row.GetString(2)),
                $"commit {row.GetString(3)} of {row.GetString(4)}"
            )
            : null;
    }
}
