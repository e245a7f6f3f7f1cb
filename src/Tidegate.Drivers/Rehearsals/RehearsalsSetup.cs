using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Jobs;

namespace Tidegate.Drivers.Rehearsals;

internal static class RehearsalsSetup
{
    /// <summary>Needs the site's layout, processes, cluster backups and copies.</summary>
    public static IServiceCollection AddRehearsalWork(this IServiceCollection services) =>
        services
            .AddSingleton<HarmlessCopy>()
            .AddSingleton<RehearsalHomes>()
            .AddSingleton<IJobHandler, RehearsalHandler>();
}
