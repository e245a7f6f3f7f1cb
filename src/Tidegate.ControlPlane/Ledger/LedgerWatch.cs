using System.Globalization;
using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Ledger;

/// <summary>Says when entries wait to be sealed for longer than they may: until then a database's owner could change them unseen.</summary>
public sealed class LedgerWatch(
    LedgerFloor floor,
    BlockerStore blockers,
    TimeProvider clock,
    ILogger<LedgerWatch> logger
) : TurnLoop("the ledger's watch", new(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(15)), clock, logger)
{
    /// <summary>Far above what sealing takes, so that a server that starts is no cause.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    /// <inheritdoc />
    public override async Task<bool> TurnAsync(CancellationToken stoppingToken)
    {
        var look = await blockers.LookAsync(stoppingToken);
        var seen = await floor.LookAsync(stoppingToken);
        var now = Clock.GetUtcNow();
        await blockers.ReplaceAsync(
            "ledger",
            seen.Waits > Bound
                ?
                [
                    new Blocker(
                        "ledger",
                        "ledger-behind",
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{seen.Unsealed} entries of the ledger are not sealed, the oldest for {seen.Waits.Value.TotalSeconds:0} s."
                        ),
                        now,
                        Until: null,
                        "who looks after the control plane",
                        "tidegate ledger status; the servers' logs say why nobody seals"
                    ),
                ]
                : [],
            look,
            now,
            stoppingToken
        );
        return false;
    }
}
