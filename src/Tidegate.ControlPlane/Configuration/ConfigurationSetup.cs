using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Configuration;

public static class ConfigurationSetup
{
    /// <summary>Needs, from elsewhere: the <see cref="ISiteFactsReader"/>.</summary>
    public static IServiceCollection AddConfiguration(this IServiceCollection services) =>
        services.AddSingleton<ConfigurationDesk>().AddSingleton<ISiteRequestHandler, ReadSiteFactsHandler>();
}
