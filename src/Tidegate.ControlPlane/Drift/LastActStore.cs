using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Drift;

/// <summary>What Tidegate last did to tenants, and what it does now.</summary>
public sealed class LastActStore(NpgsqlDataSource database)
{
    /// <summary>The last upgrade or healing of each tenant that changed something; tenants of which none is known are left out.</summary>
    public async Task<IReadOnlyDictionary<TenantName, LastAct>> LastAsync(
        IEnumerable<TenantName> tenants,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select t.name, u.rollout, r.kind, u.ending, u.target #>> '{to,name}', u.ended_at, u.reason,
                   array(select jsonb_array_elements_text(u.target -> 'hosts'))
              from unnest($1::text[]) t (name)
              join lateral (select * from upgrade u
                             where u.tenant = t.name and u.state = 'ended' and u.ending <> 'untouched'
                             order by u.ended_at desc limit 1) u on true
              join rollout r on r.id = u.rollout
            """
        );
        command.Bind((object)tenants.Select(tenant => tenant.Value).Distinct(StringComparer.Ordinal).ToArray());
        var acts = new Dictionary<TenantName, LastAct>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            acts[new(row.GetString(0))] = new(
                new RolloutId(row.GetString(1)),
                row.GetString(2) is "healing",
                row.GetString(3) is "completed" or "completed_with_exception",
                row.GetString(4),
                row.GetFieldValue<DateTimeOffset>(5),
                row.Text(6),
                [.. row.GetFieldValue<string[]>(7)]
            );
        }

        return acts;
    }

    /// <summary>Tenants that a rollout or a healing has and has not ended.</summary>
    public async Task<IReadOnlyList<OpenUpgrade>> OpenAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select u.tenant, u.rollout, u.state <> 'pending', r.kind = 'healing'
              from upgrade u join rollout r on r.id = u.rollout where u.state <> 'ended'
            """
        );
        var open = new List<OpenUpgrade>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            open.Add(new(new(row.GetString(0)), new RolloutId(row.GetString(1)), row.GetBoolean(2), row.GetBoolean(3)));
        }

        return open;
    }
}

/// <summary>The last thing that was done to a tenant.</summary>
/// <param name="IsDone">It came to its end; otherwise the tenant went back, or could not be healed.</param>
/// <param name="Release">The release that the tenant was taken to, or healed on.</param>
/// <param name="Reason">Why it did not come to its end, or null.</param>
/// <param name="Hosts">The host names that it led to the tenant.</param>
public sealed record LastAct(
    RolloutId Rollout,
    bool IsHealing,
    bool IsDone,
    string Release,
    DateTimeOffset At,
    string? Reason,
    ImmutableArray<string> Hosts
);

/// <summary>A tenant that a rollout has.</summary>
/// <param name="HasBegun">It is worked on now; otherwise it waits for its turn.</param>
public sealed record OpenUpgrade(TenantName Tenant, RolloutId Rollout, bool HasBegun, bool IsHealing);
