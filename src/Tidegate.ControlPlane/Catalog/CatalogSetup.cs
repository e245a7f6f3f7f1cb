using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Catalog;

public static class CatalogSetup
{
    public static IServiceCollection AddCatalog(this IServiceCollection services, string bundles) =>
        services
            .AddSingleton(new BundleStore(bundles))
            .AddSingleton<BundleContents>()
            .AddSingleton<IReleaseContents>(provider => provider.GetRequiredService<BundleContents>())
            .AddSingleton<ISiteBundles>(provider => provider.GetRequiredService<BundleContents>())
            .AddSingleton<ReleaseStore>()
            .AddSingleton<IReleaseNames>(provider => provider.GetRequiredService<ReleaseStore>());
}
