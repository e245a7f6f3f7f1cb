using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Ledger;

/// <summary>
/// Brings every checkpoint to one witness, apart from sealing: one that is away holds nothing up, and gets what it has
/// missed when it is back. After a start it begins with the newest, which is of all before it too.
/// </summary>
public sealed class CheckpointDelivery(
    ICheckpointWitness witness,
    LedgerStore store,
    TimeProvider clock,
    ILogger<CheckpointDelivery> logger
)
    : TurnLoop(
        $"the ledger's checkpoints for {witness.Where}",
        new(Idle: TimeSpan.FromSeconds(1), AfterFailure: TimeSpan.FromSeconds(10)),
        clock,
        logger
    )
{
    private const int AtOnce = 100;

    private readonly Lock _lock = new();
    private WitnessState _state = new(null, null, null);

    public ICheckpointWitness Witness => witness;

    /// <summary>How it stands.</summary>
    public WitnessState State
    {
        get
        {
            lock (_lock)
            {
                return _state;
            }
        }
    }

    /// <inheritdoc />
    public override async Task<bool> TurnAsync(CancellationToken stoppingToken)
    {
        IReadOnlyList<LedgerCheckpoint> waiting = State.Kept is { } kept
            ? await store.CheckpointsAsync(kept, AtOnce, stoppingToken)
            : [.. await NewestAsync(stoppingToken)];
        foreach (var checkpoint in waiting)
        {
            await KeepAsync(checkpoint, stoppingToken);
        }

        return waiting.Count == AtOnce;
    }

    private async Task<IEnumerable<LedgerCheckpoint>> NewestAsync(CancellationToken cancellationToken) =>
        await store.LastCheckpointAsync(cancellationToken) is { Checkpoint: var newest } ? [newest] : [];

    private async Task KeepAsync(LedgerCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        Become(state => state with { BehindSince = state.BehindSince ?? Clock.GetUtcNow() });
        try
        {
            await witness.KeepAsync(checkpoint, cancellationToken);
        }
        catch (Exception failed) when (!cancellationToken.IsCancellationRequested)
        {
            Become(state => state with { Why = failed.Message });
            throw;
        }

        Become(_ => new(checkpoint.Size, null, null));
    }

    private void Become(Func<WitnessState, WitnessState> next)
    {
        lock (_lock)
        {
            _state = next(_state);
        }
    }
}

/// <summary>How a witness stands since this server runs.</summary>
/// <param name="Kept">The size of the newest that it has; null before the first.</param>
/// <param name="BehindSince">Since when it has lacked one; null when it has all.</param>
/// <param name="Why">What was in the way the last time.</param>
public sealed record WitnessState(long? Kept, DateTimeOffset? BehindSince, string? Why);
