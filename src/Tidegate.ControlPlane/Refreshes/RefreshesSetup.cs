using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Jobs;

namespace Tidegate.ControlPlane.Refreshes;

public static class RefreshesSetup
{
    /// <summary>Needs, from elsewhere: <see cref="ISiteStaging"/>, fleet, releases, restores, rollouts, copies, backups, jobs.</summary>
    public static IServiceCollection AddRefreshes(this IServiceCollection services) =>
        services
            .AddSingleton<StagingStore>()
            .AddSingleton<StagingReader>()
            .AddSingleton<StagingDesk>()
            .AddSingleton<StagingCopies>()
            .AddSingleton<StagingRounds>()
            .AddSingleton<BroughtBackups>()
            .AddSingleton<RefreshedStates>()
            .AddSingleton<RefreshRollouts>()
            .AddSingleton<IJobHandler, RefreshJobHandler>()
            .AddHostedService<StagingLoop>();
}
