using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Ingress;

public static class IngressSetup
{
    public static IServiceCollection AddIngress(this IServiceCollection services) =>
        services
            .AddSingleton(provider => new GatewayClient(provider.GetRequiredService<SiteLayout>().GatewaySocket))
            .AddSingleton<TenantRouting>()
            .AddSingleton<IUpgradeLease, GatewayUpgradeLease>()
            .AddSingleton<IStepHandler<Hold>, HoldHandler>()
            .AddSingleton<IStepHandler<Bake>, BakeHandler>();
}
