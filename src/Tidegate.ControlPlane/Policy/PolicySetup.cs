using Microsoft.Extensions.DependencyInjection;

namespace Tidegate.ControlPlane.Policy;

public static class PolicySetup
{
    public static IServiceCollection AddPolicy(this IServiceCollection services) =>
        services.AddSingleton<EnvironmentTermsStore>();
}
