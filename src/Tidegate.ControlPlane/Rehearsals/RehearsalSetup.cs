using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Rehearsals;

public static class RehearsalSetup
{
    /// <summary>Needs, from elsewhere: the control database, and what plans and does jobs.</summary>
    public static IServiceCollection AddRehearsals(this IServiceCollection services) =>
        services
            .AddSingleton<RehearsalStore>()
            .AddSingleton<RehearsalDesk>()
            .AddSingleton<IRehearsalRecords>(provider => provider.GetRequiredService<RehearsalStore>())
            .AddSingleton<IHoldForecasts, RehearsedForecasts>();
}
