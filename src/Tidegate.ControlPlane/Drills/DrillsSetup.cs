using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Objectives;

namespace Tidegate.ControlPlane.Drills;

public static class DrillsSetup
{
    public static IServiceCollection AddDrills(this IServiceCollection services) =>
        services
            .AddSingleton<DrillStore>()
            .AddSingleton<DrillDesk>()
            .AddSingleton<IDrillScenarios, NoScenarios>()
            .AddHostedService<DrillLoop>();

    /// <summary>Where nothing touches the outside, nothing can be played. A driver takes its place.</summary>
    private sealed class NoScenarios : IDrillScenarios
    {
        public string Refusal(DrillScenario scenario) => $"{scenario.Word()} cannot be played here.";
    }
}
