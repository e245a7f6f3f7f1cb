using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Restores;

internal static class RestoresSetup
{
    public static IServiceCollection AddRestores(this IServiceCollection services) =>
        services
            .AddSingleton<PointJudge>()
            .AddSingleton<StateFiles>()
            .AddSingleton<CheckpointState>()
            .AddSingleton<MomentState>()
            .AddSingleton<BackupState>()
            .AddSingleton<StateCopy>()
            .AddSingleton<StateRemains>()
            .AddSingleton<RestoreStates>()
            .AddSingleton<ISiteRestores, SiteRestores>()
            .AddSingleton<IStepHandler<MeasureLoss>, MeasureLossHandler>()
            .AddSingleton<IStepHandler<Adopt>, AdoptHandler>()
            .AddSingleton<IStepHandler<ReturnSource>, ReturnSourceHandler>();
}
