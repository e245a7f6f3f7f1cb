namespace Tidegate.ControlPlane.Ledger;

/// <summary>Where signed checkpoints go outside the database, so that who rules it cannot unsay them.</summary>
public interface ICheckpointWitness
{
    /// <summary>For messages: a path, a place.</summary>
    string Where { get; }

    /// <summary>Keeps it for good before it returns. Keeping the same again keeps it once.</summary>
    /// <exception cref="IOException">It could not be kept.</exception>
    Task KeepAsync(LedgerCheckpoint checkpoint, CancellationToken cancellationToken);
}
