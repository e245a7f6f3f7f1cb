using System.Collections.Immutable;
using Tidegate.Contracts.Gateway;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Ingress;

namespace Tidegate.Drivers.Runtimes;

/// <summary>Holds every tenant that the gateway leads to a generation, for a step that ends its processes.</summary>
/// <remarks>
/// The healed tenant is held under the step's epoch, its neighbours under the epoch that the gateway has of them: a
/// rollout that begins on one of them has a higher one and takes the hold over.
/// </remarks>
public sealed class GenerationHold(GatewayClient gateway, TimeProvider clock)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Holds all of them and waits until nothing of them is on its way.</summary>
    /// <returns>Null, or one sentence: what does not end within the bound.</returns>
    public async Task<string?> BeginAsync(
        string generation,
        RestartGeneration step,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var began = clock.GetTimestamp();
        foreach (var status in await LedThereAsync(generation, cancellationToken))
        {
            // Neighbours' leases are not renewed: theirs is as long as the hold may take.
            await gateway.HoldAsync(
                new(status.Tenant),
                UpgradeHold.IdOf(context),
                new(EpochOf(status, context), step.HoldBound.TotalSeconds, step.HoldBound.TotalSeconds),
                cancellationToken
            );
        }

        while (true)
        {
            var busy = (await LedThereAsync(generation, cancellationToken))
                .Where(status => !status.IsDrained)
                .Select(status => status.Tenant)
                .ToList();
            if (busy.Count == 0)
            {
                return null;
            }

            if (clock.GetElapsedTime(began) > step.DrainBound)
            {
                return $"requests of {string.Join(", ", busy.Take(5))} did not end within {step.DrainBound.TotalSeconds:0} s";
            }

            await Task.Delay(Poll, clock, cancellationToken);
        }
    }

    /// <summary>Leads them to these ports, and lets everybody go whom this upgrade holds. Twice is the same as once.</summary>
    /// <param name="ports">Null to leave the routes.</param>
    /// <returns>How many requests had waited.</returns>
    public async Task<int> EndAsync(
        string? generation,
        GenerationPorts? ports,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var waited = 0;
        foreach (var status in await gateway.ListAsync(cancellationToken))
        {
            var epoch = EpochOf(status, context);
            if (ports is not null && status.Route.Generation == generation && !LeadsTo(status.Route, ports))
            {
                await gateway.RouteAsync(
                    new(status.Tenant),
                    status.Route with
                    {
                        Epoch = epoch,
                        HttpPort = ports.Http,
                        EventedPort = ports.Evented,
                    },
                    cancellationToken
                );
            }

            if (status.Hold == UpgradeHold.IdOf(context))
            {
                waited += status.Held;
                await gateway.ReleaseAsync(new(status.Tenant), status.Hold, epoch, cancellationToken);
            }
        }

        return waited;
    }

    private async Task<ImmutableArray<GatewayTenantStatus>> LedThereAsync(
        string generation,
        CancellationToken cancellationToken
    ) => [.. (await gateway.ListAsync(cancellationToken)).Where(status => status.Route.Generation == generation)];

    private static bool LeadsTo(RouteChange route, GenerationPorts ports) =>
        route.HttpPort == ports.Http && route.EventedPort == ports.Evented;

    private static long EpochOf(GatewayTenantStatus status, StepContext context) =>
        status.Tenant == context.Target.Tenant.Value ? context.Epoch : status.Route.Epoch;
}
