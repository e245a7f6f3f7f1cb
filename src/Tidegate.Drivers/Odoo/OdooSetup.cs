using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Odoo;

/// <summary>Registers what updates and judges Odoo databases.</summary>
public static class OdooSetup
{
    /// <summary>Needs the site's layout, databases, processes and catalogue to be registered.</summary>
    public static IServiceCollection AddOdooDriver(this IServiceCollection services) =>
        services
            .AddSingleton<IMigrator>(Migrator)
            .AddSingleton<MigrationRun>()
            .AddSingleton<OdooSignals>()
            .AddSingleton<IStepHandler<Preflight>, PreflightHandler>()
            .AddSingleton<IStepHandler<LinkFilestore>, LinkFilestoreHandler>()
            .AddSingleton<IStepHandler<Migrate>, MigrateHandler>()
            .AddSingleton<IStepHandler<Judge>, JudgeHandler>();

    private static FallbackMigrator Migrator(IServiceProvider provider)
    {
        var layout = provider.GetRequiredService<SiteLayout>();
        return new(
            new ForkMigrator(layout),
            new ProcessMigrator(
                new MigratorCommand(layout).OfAsync,
                provider.GetRequiredService<ProcessLauncher>(),
                provider.GetRequiredService<TimeProvider>()
            ),
            provider.GetRequiredService<ILogger<FallbackMigrator>>()
        );
    }
}
