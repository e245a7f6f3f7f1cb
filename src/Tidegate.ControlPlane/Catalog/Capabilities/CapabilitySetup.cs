using Microsoft.Extensions.DependencyInjection;

namespace Tidegate.ControlPlane.Catalog.Capabilities;

public static class CapabilitySetup
{
    /// <summary>The records. Who makes them comes with the drivers.</summary>
    public static IServiceCollection AddCapabilities(this IServiceCollection services, ProbeOptions options) =>
        services.AddSingleton(options).AddSingleton<CapabilityStore>();
}
