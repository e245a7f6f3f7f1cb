using Microsoft.Extensions.DependencyInjection;

namespace Tidegate.ControlPlane.Why;

public static class WhySetup
{
    public static IServiceCollection AddWhy(this IServiceCollection services) =>
        services.AddSingleton<WhyStore>().AddSingleton<WhyReader>();
}
