using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Protection;

public static class ProtectionSetup
{
    /// <summary>Needs backups, measurements, observations, objectives, drills, rehearsals and policy.</summary>
    public static IServiceCollection AddProtection(this IServiceCollection services) =>
        services
            .AddSingleton<ProofStore>()
            .AddSingleton<ProofReader>()
            .AddSingleton<ProtectionReader>()
            .AddSingleton<ProtectionDesk>()
            .AddSingleton<ProtectionWorkGates>()
            .AddSingleton<IWorkGates>(provider => provider.GetRequiredService<ProtectionWorkGates>());
}
