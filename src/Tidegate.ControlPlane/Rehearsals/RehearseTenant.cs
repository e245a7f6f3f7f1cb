using System.Collections.Immutable;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Rehearsals;

/// <summary>A tenant's upgrade, to be done on a copy.</summary>
/// <param name="Accepted">Modules that keep credentials and bring no script to take them out, accepted by whoever ordered it.</param>
public sealed record RehearseTenant(UpgradeTarget Target, ImmutableHashSet<string> Accepted)
{
    /// <summary>Of a site's rehearsals one runs at a time.</summary>
    public const string Lane = "rehearsal";

    public static JobKind<RehearseTenant, RehearsalRecord> Kind { get; } = new("rehearsal");
}

/// <summary>Keeps what rehearsals came to.</summary>
public interface IRehearsalRecords
{
    /// <summary>What this job came to; null when nothing is kept of it.</summary>
    Task<RehearsalRecord?> FindAsync(JobId id, CancellationToken cancellationToken);

    /// <summary>Saving one twice keeps one.</summary>
    Task SaveAsync(RehearsalRecord record, CancellationToken cancellationToken);
}
