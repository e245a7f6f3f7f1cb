using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Databases;

public static class DatabasesSetup
{
    /// <summary>Needs the site's <see cref="SitePostgres"/>.</summary>
    public static IServiceCollection AddDatabases(this IServiceCollection services) =>
        services
            .AddSingleton<TenantProvisioning>()
            .AddSingleton<TenantAccess>()
            .AddSingleton<PoolRoles>()
            .AddSingleton<TenantCopy>()
            .AddSingleton<CheckpointDatabases>()
            .AddSingleton<IStepHandler<Fence>, FenceHandler>()
            .AddSingleton<IStepHandler<Copy>, CopyHandler>()
            .AddSingleton<IStepHandler<Swap>, SwapHandler>()
            .AddSingleton<IStepHandler<SwapBack>, SwapBackHandler>()
            .AddSingleton<IStepHandler<DropCopy>, DropCopyHandler>()
            .AddSingleton<IStepHandler<Unfence>, UnfenceHandler>()
            .AddSingleton<IStepHandler<RestoreRights>, RestoreRightsHandler>();
}
