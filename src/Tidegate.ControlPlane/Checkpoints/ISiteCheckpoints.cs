using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Checkpoints;

/// <summary>The checkpoints that a site keeps.</summary>
public interface ISiteCheckpoints
{
    /// <summary>Every checkpoint there is, the oldest first. Reads only.</summary>
    Task<IReadOnlyList<KeptCheckpoint>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Removes database and files. Nothing when they are gone already.</summary>
    /// <param name="epoch">Higher than any that the tenant's site has seen.</param>
    /// <returns>Null once it is gone; otherwise one sentence that says what is in the way.</returns>
    Task<string?> DropAsync(KeptCheckpoint checkpoint, long epoch, CancellationToken cancellationToken);
}

/// <summary>A checkpoint as its site has it.</summary>
/// <param name="Upgrade">The upgrade that left it.</param>
/// <param name="Live">The tenant's own database.</param>
/// <param name="Database">The checkpoint's.</param>
/// <param name="Bytes">What that takes on disk.</param>
/// <param name="KeptSince">When it stopped being the tenant's.</param>
public sealed record KeptCheckpoint(
    UpgradeId Upgrade,
    TenantName Tenant,
    string Live,
    string Database,
    long Bytes,
    DateTimeOffset KeptSince
)
{
    /// <summary>It was replaced by a way back: it goes when somebody drops it, and not with the next upgrade.</summary>
    public bool IsKept { get; init; }
}
