using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Emergencies;

public static class EmergenciesSetup
{
    public static IServiceCollection AddEmergencies(this IServiceCollection services) =>
        services
            .AddSingleton<EmergencyStore>()
            .AddSingleton<EmergencyDesk>()
            .AddSingleton<EmergencyWorkGates>()
            .AddSingleton<IWorkGates>(provider => provider.GetRequiredService<EmergencyWorkGates>())
            .AddHostedService<EmergencyLoop>();
}
