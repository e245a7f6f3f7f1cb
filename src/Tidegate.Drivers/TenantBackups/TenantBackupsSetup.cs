using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.TenantBackups;
using Tidegate.Drivers.ControlBackups;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Objects;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.TenantBackups;

public static class TenantBackupsSetup
{
    /// <summary>Needs the site's <see cref="SitePostgres"/>.</summary>
    public static IServiceCollection AddTenantBackupDriver(this IServiceCollection services, SiteLayout layout) =>
        services
            .AddSingleton(provider => Places(layout, provider))
            .AddSingleton(Schedule(layout))
            .AddSingleton<TenantBackupFetch>()
            .AddSingleton<IJobHandler, TenantBackupHandler>()
            .AddSingleton<IJobHandler, VerifyTenantBackupHandler>()
            .AddSingleton<IJobHandler, ExpireTenantBackupsHandler>()
            .AddSingleton<IJobHandler, ControlBackupHandler>();

    private static TenantBackupSchedule Schedule(SiteLayout layout)
    {
        try
        {
            return new(ObjectPlace.Read(layout).Every);
        }
        catch (ObjectPlaceException)
        {
            return new(null); // whoever orders a backup is told
        }
    }

    /// <summary>A wrong file is in the way of backups, and of nothing else: each says why.</summary>
    private static BackupPlaces Places(SiteLayout layout, IServiceProvider provider)
    {
        IRetainingStore store;
        TimeSpan? lockFor = null;
        try
        {
            var place = ObjectPlace.Read(layout);
            store = place.Open(layout, provider.GetRequiredService<TimeProvider>());
            lockFor = place.LockFor;
        }
        catch (ObjectPlaceException wrong)
        {
            store = new RefusingObjectStore(wrong.Message);
        }

        return new(layout, provider.GetRequiredService<SitePostgres>(), store, store, lockFor);
    }
}
