using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Catalog.Capabilities;

namespace Tidegate.Drivers.Capabilities;

internal static class SandboxSetup
{
    public static IServiceCollection AddSandbox(this IServiceCollection services) =>
        services.AddSingleton<IReleaseProbe, ReleaseProbe>().AddSingleton<ProbeTools>().AddHostedService<ProbeLoop>();
}
