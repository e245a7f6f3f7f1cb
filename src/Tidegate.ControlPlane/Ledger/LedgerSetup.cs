using Microsoft.Extensions.DependencyInjection;

namespace Tidegate.ControlPlane.Ledger;

public static class LedgerSetup
{
    /// <summary>Needs, from elsewhere: <see cref="ILedgerKeys"/> and any number of <see cref="ICheckpointWitness"/>.</summary>
    public static IServiceCollection AddLedger(this IServiceCollection services, LedgerHome home) =>
        services
            .AddSingleton(home)
            .AddSingleton<LedgerStore>()
            .AddSingleton<LedgerRetentionStore>()
            .AddSingleton<LedgerFloor>()
            .AddSingleton<LedgerExport>()
            .AddSingleton<LedgerWitnesses>()
            .AddHostedService<LedgerSealer>()
            .AddHostedService(provider => provider.GetRequiredService<LedgerWitnesses>())
            .AddHostedService<LedgerWatch>()
            .AddHostedService<WitnessWatch>()
            .AddHostedService<WitnessReport>();
}
