using System.Collections.Immutable;
using Npgsql;
using Tidegate.Contracts.Gateway;
using Tidegate.ControlPlane.Drift;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Ingress;
using Tidegate.Drivers.Runtimes;

namespace Tidegate.Drivers.LiveState;

/// <summary>Looks at this home's PostgreSQL, gateway and generations.</summary>
public sealed class SiteLiveState(SitePostgres site, GatewayClient gateway, LiveGenerations generations) : ILiveState
{
    public async Task<LiveSite> ReadAsync(IReadOnlyCollection<string> databases, CancellationToken cancellationToken) =>
        new(
            await ClusterAsync(databases, cancellationToken),
            await RoutesAsync(cancellationToken),
            Reading.Seen(generations.ReadAll())
        );

    private async Task<Reading<LiveCluster>> ClusterAsync(
        IReadOnlyCollection<string> databases,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var session = await site.OpenAsync(
                SitePostgres.Maintenance,
                DatabaseNames.SiteRole,
                cancellationToken
            );
            return Reading.Seen(await LiveRights.ReadAsync(session, databases, cancellationToken));
        }
        catch (NpgsqlException silent)
        {
            return new Reading<LiveCluster>.Unknown($"the site's PostgreSQL does not answer: {silent.Message}");
        }
    }

    private async Task<Reading<ImmutableDictionary<TenantName, LiveRoute>>> RoutesAsync(
        CancellationToken cancellationToken
    )
    {
        try
        {
            return Reading.Seen(
                (await gateway.ListAsync(cancellationToken)).ToImmutableDictionary(
                    status => new TenantName(status.Tenant),
                    Route
                )
            );
        }
        catch (HttpRequestException silent)
        {
            return Silent(silent.Message);
        }
        catch (TaskCanceledException late) when (late.InnerException is TimeoutException)
        {
            return Silent("it took too long");
        }

        static Reading<ImmutableDictionary<TenantName, LiveRoute>> Silent(string why) =>
            new Reading<ImmutableDictionary<TenantName, LiveRoute>>.Unknown($"the gateway does not answer: {why}");
    }

    private static LiveRoute Route(GatewayTenantStatus status) =>
        new(
            status.Route.Generation,
            status.Route.Database,
            [.. status.Route.Hosts],
            new(status.Route.HttpPort, status.Route.EventedPort),
            status.State is GateState.Maintenance ? status.Hold ?? status.Reason ?? "held" : null
        );
}
