using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Ingress;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>Registers what runs Odoo on this machine.</summary>
public static class RuntimesSetup
{
    /// <summary>Needs the site's layout, the clock, the gateway's client and its routing to be registered.</summary>
    public static IServiceCollection AddRuntimes(this IServiceCollection services) =>
        services
            .AddSingleton(provider => new ProcessLauncher(
                provider.GetRequiredService<SiteLayout>().Home,
                provider.GetRequiredService<SiteLayout>().Run,
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton<GenerationHttp>()
            .AddSingleton<SiteServices>()
            .AddSingleton<GenerationRuntime>()
            .AddSingleton<IGenerationPorts>(provider => provider.GetRequiredService<GenerationRuntime>())
            .AddSingleton<GenerationRetirement>()
            .AddSingleton<ReopenHandler>()
            .AddSingleton<IStepHandler<StartGeneration>, StartGenerationHandler>()
            .AddSingleton<IStepHandler<Quiesce>, QuiesceHandler>()
            .AddSingleton<IStepHandler<Warm>, WarmHandler>()
            .AddSingleton<IStepHandler<Open>, OpenHandler>()
            .AddSingleton<IStepHandler<Reopen>, ReopenTenantHandler>()
            .AddSingleton<IStepHandler<Retire>, RetireHandler>()
            .AddSingleton<IStepHandler<CleanUp>, CleanUpHandler>()
            .AddSingleton<LiveGenerations>()
            .AddSingleton<GenerationHold>()
            .AddSingleton<IStepHandler<RestoreRoute>, RestoreRouteHandler>()
            .AddSingleton<IStepHandler<RestartGeneration>, RestartGenerationHandler>()
            .AddSingleton<IStepHandler<ReopenGeneration>, ReopenGenerationHandler>()
            .AddSingleton<SupervisorTools>()
            .AddHostedService<ProcessSupervisor>();
}
