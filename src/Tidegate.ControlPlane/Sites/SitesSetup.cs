using Microsoft.Extensions.DependencyInjection;

namespace Tidegate.ControlPlane.Sites;

public static class SitesSetup
{
    /// <summary>Needs, from elsewhere: <see cref="ISiteBundles"/>, and an <see cref="ISiteRequestHandler"/> for each kind of request.</summary>
    public static IServiceCollection AddSites(this IServiceCollection services, ServedSites served) =>
        services
            .AddSingleton(served)
            .AddSingleton<SiteStore>()
            .AddSingleton<SiteRequestStore>()
            .AddSingleton<SiteRequests>()
            .AddSingleton<SiteHeartbeat>()
            .AddHostedService(provider => provider.GetRequiredService<SiteHeartbeat>())
            .AddHostedService<SiteRequestLoop>();
}
