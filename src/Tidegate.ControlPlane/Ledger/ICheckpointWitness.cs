namespace Tidegate.ControlPlane.Ledger;

/// <summary>Where signed checkpoints go outside the database, so that who rules it cannot unsay them.</summary>
public interface ICheckpointWitness
{
    /// <summary>For messages: a path, a place. Tells no secret.</summary>
    string Where { get; }

    /// <summary>Keeps it for good before it returns, within half a minute. Keeping the same again keeps it once.</summary>
    /// <exception cref="IOException">It could not be kept; the message says why.</exception>
    Task KeepAsync(LedgerCheckpoint checkpoint, CancellationToken cancellationToken);

    /// <summary>What it keeps, in any order; nothing of one that only takes.</summary>
    /// <param name="beyond">Only of more entries than these, kept since one of them was; 0 for all.</param>
    /// <exception cref="IOException">It cannot be read now.</exception>
    IAsyncEnumerable<KeptCheckpoint> KeptAsync(long beyond, CancellationToken cancellationToken);
}

/// <summary>What a checkpoint is of.</summary>
/// <param name="Root">In lower-case hexadecimal.</param>
public readonly record struct KeptCheckpoint(long Size, string Root);
