using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Drift;

public static class DriftSetup
{
    /// <summary>Needs, from elsewhere: <see cref="ILiveState"/>, fleet, observations, rollouts, blockers, policies, emergencies.</summary>
    public static IServiceCollection AddDrift(this IServiceCollection services, DriftOptions options) =>
        services
            .AddSingleton(options)
            .AddSingleton<DriftStore>()
            .AddSingleton<LastActStore>()
            .AddSingleton<ModuleReader>()
            .AddSingleton<DriftCheck>()
            .AddSingleton<HealingDesk>()
            .AddSingleton<DriftDesk>()
            .AddSingleton<ISiteRequestHandler, CheckDriftHandler>()
            .AddHostedService<DriftLoop>();
}
