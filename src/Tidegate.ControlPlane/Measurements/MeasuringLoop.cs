using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Sites;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Measurements;

/// <summary>Measures this server's sites: free disk and pace all the time, the disk itself when it is new and then once a day.</summary>
public sealed class MeasuringLoop(
    MeasurementStore store,
    IHostProbe host,
    ServedSites served,
    TimeProvider clock,
    ILogger<MeasuringLoop> logger
)
    : TurnLoop(
        "measuring sites",
        new(Idle: TimeSpan.FromSeconds(30), AfterFailure: TimeSpan.FromSeconds(30)),
        clock,
        logger
    )
{
    private static readonly TimeSpan ProbeAge = TimeSpan.FromDays(1);

    public override async Task<bool> TurnAsync(CancellationToken stoppingToken)
    {
        var known = await store.ListAsync(stoppingToken);
        foreach (var site in served.Names)
        {
            var pace = PacePlanner.Of(await store.CutoversAsync(site, stoppingToken));
            await store.KeepAsync(site, pace, host.FreeBytes(), Clock.GetUtcNow(), stoppingToken);
            if (
                !(known.GetValueOrDefault(site.Value)?.ProbedAt > Clock.GetUtcNow() - ProbeAge)
                && await host.ProbeAsync(stoppingToken) is { } probe
            )
            {
                await store.KeepAsync(site, probe, Clock.GetUtcNow(), stoppingToken);
            }
        }

        return false;
    }
}
