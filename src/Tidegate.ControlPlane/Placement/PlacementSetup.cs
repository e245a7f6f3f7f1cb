using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Placement;

public static class PlacementSetup
{
    /// <summary>Needs, from elsewhere: the tenant observer and the tenant placement.</summary>
    public static IServiceCollection AddPlacement(this IServiceCollection services) =>
        services.AddSingleton<PlacementDesk>().AddSingleton<ISiteRequestHandler, PlaceTenantsHandler>();
}
