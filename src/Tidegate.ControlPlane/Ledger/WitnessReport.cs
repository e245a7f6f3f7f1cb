using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Ledger;

/// <summary>Tells the control database how far this home's witnesses are: entries go only when those of every home have what vouches for them.</summary>
public sealed class WitnessReport(
    LedgerHome home,
    LedgerWitnesses witnesses,
    LedgerRetentionStore store,
    TimeProvider clock,
    ILogger<WitnessReport> logger
)
    : TurnLoop(
        "what the ledger's witnesses have",
        new(Idle: TimeSpan.FromSeconds(5), AfterFailure: TimeSpan.FromSeconds(15)),
        clock,
        logger
    )
{
    private IReadOnlyList<(string Place, long? Kept)>? _told;

    /// <inheritdoc />
    public override async Task<bool> TurnAsync(CancellationToken stoppingToken)
    {
        List<(string Place, long? Kept)> now =
        [
            .. witnesses.All.Select(delivery => (delivery.Witness.Where, delivery.State.Kept)),
        ];
        if (_told is null || !now.SequenceEqual(_told))
        {
            await store.ReportAsync(home.Site, now, Clock.GetUtcNow(), stoppingToken);
            _told = now;
        }

        return false;
    }
}
