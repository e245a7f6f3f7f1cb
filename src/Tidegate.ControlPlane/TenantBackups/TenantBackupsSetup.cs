using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Tidegate.ControlPlane.Copies;

namespace Tidegate.ControlPlane.TenantBackups;

public static class TenantBackupsSetup
{
    /// <summary>Needs, from elsewhere: handlers of <see cref="TenantBackupJobs"/>, and a <see cref="TenantBackupSchedule"/> where backups are taken without anybody's word; and what git says of protection.</summary>
    public static IServiceCollection AddTenantBackups(this IServiceCollection services)
    {
        services.TryAddSingleton(new TenantBackupSchedule(null));
        return services
            .AddSingleton<TenantBackupStore>()
            .AddSingleton<TenantBackupRules>()
            .AddSingleton<TenantBackupDesk>()
            .AddSingleton<IHeldData, HeldInTenantBackups>()
            .AddHostedService<TenantBackupLoop>();
    }
}
