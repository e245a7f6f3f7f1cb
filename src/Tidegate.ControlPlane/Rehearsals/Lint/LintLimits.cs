using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Rehearsals.Lint;

/// <summary>From where on something is too much.</summary>
public sealed record LintLimits
{
    /// <summary>How long a table may be closed.</summary>
    public TimeSpan LockBudget { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>From this many rows on a scan of a table is felt.</summary>
    public long LargeTableRows { get; init; } = 100_000;

    /// <summary>The share of a table's rows that one migration may change before it counts as a mass change.</summary>
    public double MassShare { get; init; } = 0.2;

    /// <summary>From this many rows on that share is asked for.</summary>
    public long MassRows { get; init; } = 1_000;

    /// <summary>How long one transaction may be open.</summary>
    public TimeSpan LongTransaction { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How much WAL may be written.</summary>
    public long WalBytes { get; init; } = 4L << 30;

    /// <summary>Free bytes where production's cluster lies; null when nobody knows.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>How many times what was used must be free.</summary>
    public double DiskFactor { get; init; } = 1.3;

    /// <summary>Whether people work in the tenant meanwhile. Ours is closed: a limit for locks is then a trip wire only.</summary>
    public bool IsTenantOpen { get; init; }

    /// <summary>Tables and columns (<c>table.column</c>) whose removal the release's notes declare.</summary>
    public ImmutableHashSet<string> DeclaredDrops { get; init; } = [];
}
