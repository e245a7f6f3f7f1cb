using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Observations;

public static class ObservationsSetup
{
    /// <summary>Needs, from elsewhere: the tenant observer.</summary>
    public static IServiceCollection AddObservations(this IServiceCollection services, ObservationOptions options) =>
        services
            .AddSingleton(options)
            .AddSingleton<ObservationStore>()
            .AddSingleton<TenantLookout>()
            .AddSingleton<FreshObservations>()
            .AddSingleton<ISiteRequestHandler, ObserveTenantsHandler>()
            .AddHostedService<ObservationLoop>();
}
