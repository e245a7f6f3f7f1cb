using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Restores;

public static class RestoreSetup
{
    /// <summary>Needs, from elsewhere: <see cref="ISiteRestores"/>, fleet, rollouts, copies, jobs, sites.</summary>
    public static IServiceCollection AddRestores(this IServiceCollection services) =>
        services
            .AddSingleton<RestoreStore>()
            .AddSingleton<RestoreDesk>()
            .AddSingleton<WayBackDesk>()
            .AddSingleton<ISiteRequestHandler, ReadStatesHandler>()
            .AddSingleton<ISiteRequestHandler, PriceWayBackHandler>()
            .AddSingleton<ISiteRequestHandler, JudgePointHandler>()
            .AddSingleton<RestoreRollouts>()
            .AddSingleton<RestoredCopies>()
            .AddSingleton<IJobHandler, RestoreJobHandler>();
}
