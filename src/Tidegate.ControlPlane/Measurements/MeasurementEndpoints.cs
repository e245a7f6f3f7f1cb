using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Measurements;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Measurements;

public static class MeasurementEndpoints
{
    public static void MapMeasurements(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/api/measurements",
                async (MeasurementStore store, CancellationToken cancellationToken) =>
                    (await store.ListAsync(cancellationToken)).Values.Select(View)
            )
            .Needs(Permission.ReadCheckpoints);

    private static MeasurementView View(MeasuredSite site)
    {
        var (pace, probe) = (site.Measurements.Pace, site.Measurements.Probe);
        return new(
            site.Site.Value,
            pace.Cutovers,
            pace.CopyBytesPerSecond,
            pace.Fixed.TotalSeconds,
            probe?.CopiesAreClones,
            probe?.Says,
            probe?.CopyBytesPerSecond,
            site.Measurements.FreeBytes ?? 0,
            site.MeasuredAt,
            site.ProbedAt
        );
    }
}
