using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Copies;

namespace Tidegate.ControlPlane.Backups;

public static class BackupsSetup
{
    /// <summary>Needs, from elsewhere: sites, jobs, blockers, and an <see cref="IArchiveWatch"/> where sites are looked at.</summary>
    public static IServiceCollection AddBackups(this IServiceCollection services) =>
        services
            .AddSingleton<BackupStore>()
            .AddSingleton<BackupTermsStore>()
            .AddSingleton<BackupSchedules>()
            .AddSingleton<IHeldData, HeldInBackups>()
            .AddHostedService<BackupLoop>();
}
