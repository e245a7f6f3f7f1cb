using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Jobs;

namespace Tidegate.Drivers.Drills;

internal static class DrillsSetup
{
    public static IServiceCollection AddDrillScenarios(this IServiceCollection services) =>
        services
            .AddSingleton<Markers>()
            .AddSingleton<DumpTransfer>()
            .AddSingleton<DrillShops>()
            .AddSingleton<IScenario, FailedReleaseScenario>()
            .AddSingleton<IScenario, FaultyMigrationScenario>()
            .AddSingleton<IScenario, TenantCorruptionScenario>()
            .AddSingleton<IScenario, ClusterLossScenario>()
            .AddSingleton<IScenario, SiteLossScenario>()
            .AddSingleton<IScenario, ControlPlaneLossScenario>()
            .AddSingleton<DrillHandler>()
            .AddSingleton<IJobHandler>(provider => provider.GetRequiredService<DrillHandler>())
            .AddSingleton<IDrillScenarios>(provider => provider.GetRequiredService<DrillHandler>());
}
