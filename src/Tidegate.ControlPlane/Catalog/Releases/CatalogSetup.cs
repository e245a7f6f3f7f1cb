using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Catalog.Validations;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Sites;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Catalog.Releases;

public static class CatalogSetup
{
    /// <summary>Needs, from elsewhere: <see cref="IObjectStore"/> and <see cref="Facts.IModuleInspector"/>.</summary>
    /// <param name="bundles">The bundle store's folder.</param>
    public static IServiceCollection AddCatalog(
        this IServiceCollection services,
        string bundles,
        CatalogOptions options
    ) =>
        services
            .AddSingleton(new BundleStore(bundles))
            .AddSingleton<BundleContents>()
            .AddSingleton<IReleaseContents>(provider => provider.GetRequiredService<BundleContents>())
            .AddSingleton<ISiteBundles>(provider => provider.GetRequiredService<BundleContents>())
            .AddSingleton<ReleaseStore>()
            .AddSingleton<IReleaseNames>(provider => provider.GetRequiredService<ReleaseStore>())
            .AddSingleton<Artifacts>()
            .AddSingleton<ReleaseDesk>()
            .AddSingleton(options)
            .AddSingleton<ReleaseReading>()
            .AddSingleton<ValidationStore>()
            .AddSingleton<ValidationWork>()
            .AddHostedService<ValidationLoop>();
}
