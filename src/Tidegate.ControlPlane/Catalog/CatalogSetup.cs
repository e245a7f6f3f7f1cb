using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Catalog;

public static class CatalogSetup
{
    public static IServiceCollection AddCatalog(this IServiceCollection services, string bundles) =>
        services
            .AddSingleton(new BundleStore(bundles))
            .AddSingleton<IReleaseContents, BundleContents>()
            .AddSingleton<ReleaseStore>()
            .AddSingleton<IReleaseNames>(provider => provider.GetRequiredService<ReleaseStore>());
}
