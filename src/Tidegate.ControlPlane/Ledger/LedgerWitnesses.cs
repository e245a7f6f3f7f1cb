using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tidegate.ControlPlane.Ledger;

/// <summary>The witnesses of this server's home, each with its own delivery.</summary>
public sealed class LedgerWitnesses(
    IEnumerable<ICheckpointWitness> witnesses,
    LedgerStore store,
    TimeProvider clock,
    ILogger<CheckpointDelivery> logger
) : IHostedService, IDisposable
{
    public ImmutableArray<CheckpointDelivery> All { get; } =
    [.. witnesses.Select(witness => new CheckpointDelivery(witness, store, clock, logger))];

    public Task StartAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(All.Select(delivery => delivery.StartAsync(cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(All.Select(delivery => delivery.StopAsync(cancellationToken)));

    public void Dispose()
    {
        foreach (var delivery in All)
        {
            delivery.Dispose();
        }
    }
}
