using Microsoft.Extensions.DependencyInjection;

namespace Tidegate.ControlPlane.Rollouts;

public static class RolloutSetup
{
    /// <summary>Needs, from elsewhere: <see cref="StepHandlers"/>, <see cref="IUpgradeLease"/>, the tenant observer and the release contents.</summary>
    public static IServiceCollection AddRollouts(this IServiceCollection services, EngineOptions options) =>
        services
            .AddSingleton(options)
            .AddSingleton<RolloutStore>()
            .AddSingleton<IRolloutStore>(provider => provider.GetRequiredService<RolloutStore>())
            .AddSingleton<IStartCandidates>(provider => provider.GetRequiredService<RolloutStore>())
            .AddSingleton<IStartRisk>(provider => provider.GetRequiredService<RolloutStore>())
            .AddSingleton<StartCalendar>()
            .AddSingleton<StartRules>()
            .AddSingleton<RolloutViewStore>()
            .AddSingleton<CandidateReader>()
            .AddSingleton<RolloutDesk>()
            .AddSingleton<WorkGates>()
            .AddSingleton<RolloutEngine>()
            .AddHostedService<EngineLoop>();
}
