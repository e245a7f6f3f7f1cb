using Microsoft.Extensions.DependencyInjection;

namespace Tidegate.ControlPlane.Ledger;

public static class LedgerSetup
{
    /// <summary>Needs, from elsewhere: <see cref="ILedgerKeys"/> and any number of <see cref="ICheckpointWitness"/>.</summary>
    public static IServiceCollection AddLedger(this IServiceCollection services) =>
        services
            .AddSingleton<LedgerStore>()
            .AddSingleton<LedgerFloor>()
            .AddSingleton<LedgerExport>()
            .AddHostedService<LedgerSealer>()
            .AddHostedService<LedgerWatch>();
}
