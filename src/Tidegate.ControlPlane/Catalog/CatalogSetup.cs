using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Catalog;

public static class CatalogSetup
{
    public static IServiceCollection AddCatalog(this IServiceCollection services) =>
        services
            .AddSingleton<ReleaseStore>()
            .AddSingleton<IReleaseNames>(provider => provider.GetRequiredService<ReleaseStore>());
}
