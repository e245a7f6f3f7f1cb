using Microsoft.Extensions.DependencyInjection;

namespace Tidegate.ControlPlane.ControlBackups;

public static class ControlBackupsSetup
{
    /// <summary>Needs, from elsewhere: a handler of <see cref="ControlBackupJobs"/>.</summary>
    public static IServiceCollection AddControlBackups(this IServiceCollection services) =>
        services.AddSingleton<ControlBackupDesk>().AddHostedService<ControlBackupLoop>();
}
