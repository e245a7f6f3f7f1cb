using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Sites;

/// <summary>A site as the control plane knows it: what its servers say of it.</summary>
/// <param name="FirstSeen">When a server served it for the first time.</param>
/// <param name="SinceHeartbeat">How long ago one was heard of, by the control database's clock.</param>
/// <param name="Bundles">The bundles in its store, at that time.</param>
public sealed record Site(
    SiteName Name,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastHeartbeat,
    TimeSpan SinceHeartbeat,
    ImmutableHashSet<ReleaseDigest> Bundles
)
{
    /// <summary>A server that has not been heard of for longer is taken to live no more.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    public bool IsServed => SinceHeartbeat < Silence;

    /// <summary>Null when a living server serves the site; otherwise one sentence that says so.</summary>
    /// <param name="site">What is known of it; null when no server ever served it.</param>
    public static string? Refusal(SiteName name, Site? site) =>
        site switch
        {
            null =>
                $"no server has ever served site {name}; check the pool's site, or bring it up: tidegate site up --name {name}.",
            { IsServed: false } =>
                $"no living server serves site {name}: it was last heard of at {site.LastHeartbeat.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z; bring it up: tidegate site up.",
            _ => null,
        };
}
