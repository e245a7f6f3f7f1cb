using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Drivers.Runtimes;

/// <summary>A generation that is to run, as stored in its folder. It is wanted as long as that file is there.</summary>
/// <param name="Workers">Web workers.</param>
/// <param name="Preload">Modules whose Python is imported before the workers are forked, in dependency order. All tenants must have them installed.</param>
public sealed record WantedGeneration(PoolName Pool, ReleaseDigest Digest, int Workers, ImmutableArray<string> Preload)
{
    /// <summary>What of Odoo's options differs from <see cref="PoolOptions.Defaults"/>; null is nothing.</summary>
    public PoolOptions? Options { get; init; }
}
