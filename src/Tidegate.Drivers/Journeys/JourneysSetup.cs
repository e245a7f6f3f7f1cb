using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Journeys.Series19;

namespace Tidegate.Drivers.Journeys;

/// <summary>Registers the journeys of every series, and the two steps that make them.</summary>
public static class JourneysSetup
{
    /// <summary>Needs the site's layout, databases, runtime and catalogue to be registered.</summary>
    public static IServiceCollection AddJourneys(this IServiceCollection services) =>
        services
            .AddSingleton<IJourneySeries, Odoo19Journeys>()
            .AddSingleton(provider => new JourneyRunner(
                [.. provider.GetServices<IJourneySeries>()],
                provider.GetRequiredService<SitePostgres>(),
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton<MigratorAccess>()
            .AddSingleton<JourneyStep>()
            .AddSingleton<IStepHandler<Baseline>, BaselineHandler>()
            .AddSingleton<IStepHandler<Verify>, VerifyHandler>();
}
