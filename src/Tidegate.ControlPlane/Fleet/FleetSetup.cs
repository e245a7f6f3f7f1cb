using Microsoft.Extensions.DependencyInjection;

namespace Tidegate.ControlPlane.Fleet;

public static class FleetSetup
{
    public static IServiceCollection AddFleet(this IServiceCollection services) => services.AddSingleton<FleetStore>();
}
