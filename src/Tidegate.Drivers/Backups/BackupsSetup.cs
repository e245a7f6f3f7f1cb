using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Recovery;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Backups;

public static class BackupsSetup
{
    /// <summary>Needs the site's layout, its cluster, the process launcher, the catalogue and the clock.</summary>
    public static IServiceCollection AddClusterBackups(this IServiceCollection services) =>
        services
            .AddSingleton<PgBackRest>()
            .AddSingleton<BackupCatalogue>()
            .AddSingleton<BackupRetention>()
            .AddSingleton<RepositoryCheck>()
            .AddSingleton<ArchiveFiles>()
            .AddSingleton<PageCheck>()
            .AddSingleton<ContentCheck>()
            .AddSingleton<RestoredChecks>()
            .AddSingleton<IArchiveWatch, ArchiveWatch>()
            .AddSingleton<IJobHandler, BackupHandler>()
            .AddSingleton<IJobHandler, VerifyBackupHandler>()
            .AddSingleton<ArchiveFlush>()
            .AddSingleton<RestorePoints>()
            .AddSingleton<LongCommands>()
            .AddSingleton<RecoveryPlans>()
            .AddSingleton<BackupFetch>()
            .AddSingleton<SideClusters>();
}
