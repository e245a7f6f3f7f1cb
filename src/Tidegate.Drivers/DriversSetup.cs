using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Accounts;
using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Checkpoints;
using Tidegate.ControlPlane.Configuration;
using Tidegate.ControlPlane.Drift;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Following;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Ledger;
using Tidegate.ControlPlane.Measurements;
using Tidegate.ControlPlane.Parity;
using Tidegate.ControlPlane.Refreshes;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.ControlPlane.Storage;
using Tidegate.Drivers.Accounts;
using Tidegate.Drivers.Backups;
using Tidegate.Drivers.Capabilities;
using Tidegate.Drivers.Catalog;
using Tidegate.Drivers.Checkpoints;
using Tidegate.Drivers.Copies;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Drills;
using Tidegate.Drivers.Git;
using Tidegate.Drivers.Ingress;
using Tidegate.Drivers.Journeys;
using Tidegate.Drivers.Ledger;
using Tidegate.Drivers.LiveState;
using Tidegate.Drivers.Measurements;
using Tidegate.Drivers.Objects;
using Tidegate.Drivers.Odoo;
using Tidegate.Drivers.Refreshes;
using Tidegate.Drivers.Rehearsals;
using Tidegate.Drivers.Restores;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Sites;
using Tidegate.Drivers.TenantBackups;

namespace Tidegate.Drivers;

/// <summary>Everything that touches the outside, and the list of who carries out which step.</summary>
public static class DriversSetup
{
    public static IServiceCollection AddDrivers(this IServiceCollection services, SiteLayout layout) =>
        services
            .AddSingleton(layout)
            .AddSingleton(layout.Cluster)
            .AddDatabases()
            .AddClusterBackups()
            .AddCopyWork()
            .AddDrillScenarios()
            .AddRehearsalWork()
            .AddIngress()
            .AddRuntimes()
            .AddOdooDriver()
            .AddSandbox()
            .AddTenantBackupDriver(layout)
            .AddJourneys()
            .AddGit()
            .AddSingleton<IBootstrapFile, BootstrapFile>()
            .AddSingleton<ILedgerKeys, LedgerKeyFile>()
            .AddSingleton(provider => new LedgerRetentionSurroundings(
                provider.GetRequiredService<ILedgerKeys>(),
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton<IJobHandler, LedgerRetentionHandler>()
            .AddWitnesses(layout)
            .AddSingleton<ITenantObserver, TenantObserver>()
            .AddSingleton<ITenantPlacement, TenantPlacement>()
            .AddSingleton<IWebhookSecrets, HomeSecrets>()
            .AddSingleton<ISiteFactsReader, SiteFactsReader>()
            .AddSingleton<IHostProbe, DiskProbe>()
            .AddSingleton<IParityReader, ParityReader>()
            .AddSingleton<ILiveState, SiteLiveState>()
            .AddRestores()
            .AddSingleton<ISiteStaging, SiteStaging>()
            .AddSingleton<SiteCheckpoints>()
            .AddSingleton<RestoreSources>()
            .AddSingleton<ISiteCheckpoints>(provider => provider.GetRequiredService<SiteCheckpoints>())
            .AddSingleton<IObjectStore>(provider => new FolderObjectStore(
                layout.Objects,
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton<IModuleInspector, ModuleInspector>()
            .AddSingleton(Handlers);

    private static StepHandlers Handlers(IServiceProvider provider) =>
        new StepHandlers.Builder()
            .Add(provider.GetRequiredService<IStepHandler<Preflight>>())
            .Add(provider.GetRequiredService<IStepHandler<StartGeneration>>())
            .Add(provider.GetRequiredService<IStepHandler<Baseline>>())
            .Add(provider.GetRequiredService<IStepHandler<LinkFilestore>>())
            .Add(provider.GetRequiredService<IStepHandler<Quiesce>>())
            .Add(provider.GetRequiredService<IStepHandler<Hold>>())
            .Add(provider.GetRequiredService<IStepHandler<Fence>>())
            .Add(provider.GetRequiredService<IStepHandler<Copy>>())
            .Add(provider.GetRequiredService<IStepHandler<Migrate>>())
            .Add(provider.GetRequiredService<IStepHandler<Judge>>())
            .Add(provider.GetRequiredService<IStepHandler<Swap>>())
            .Add(provider.GetRequiredService<IStepHandler<Warm>>())
            .Add(provider.GetRequiredService<IStepHandler<Verify>>())
            .Add(provider.GetRequiredService<IStepHandler<Open>>())
            .Add(provider.GetRequiredService<IStepHandler<Bake>>())
            .Add(provider.GetRequiredService<IStepHandler<Retire>>())
            .Add(provider.GetRequiredService<IStepHandler<SwapBack>>())
            .Add(provider.GetRequiredService<IStepHandler<DropCopy>>())
            .Add(provider.GetRequiredService<IStepHandler<Unfence>>())
            .Add(provider.GetRequiredService<IStepHandler<Reopen>>())
            .Add(provider.GetRequiredService<IStepHandler<CleanUp>>())
            .Add(provider.GetRequiredService<IStepHandler<RestoreRights>>())
            .Add(provider.GetRequiredService<IStepHandler<RestoreRoute>>())
            .Add(provider.GetRequiredService<IStepHandler<RestartGeneration>>())
            .Add(provider.GetRequiredService<IStepHandler<ReopenGeneration>>())
            .Add(provider.GetRequiredService<IStepHandler<MeasureLoss>>())
            .Add(provider.GetRequiredService<IStepHandler<Adopt>>())
            .Add(provider.GetRequiredService<IStepHandler<ReturnSource>>())
            .Build();
}
