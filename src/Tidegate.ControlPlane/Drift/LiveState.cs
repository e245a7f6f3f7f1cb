using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Drift;

/// <summary>What was read of something, or why it could not be. Never both: what is unknown is no difference and no proof.</summary>
public abstract record Reading<T>
{
    private Reading() { }

    public sealed record Seen(T Value) : Reading<T>;

    /// <summary>One sentence.</summary>
    public sealed record Unknown(string Why) : Reading<T>;
}

/// <summary>Makes readings.</summary>
public static class Reading
{
    public static Reading<T> Seen<T>(T value) => new Reading<T>.Seen(value);
}

/// <summary>A site as it is now.</summary>
/// <param name="Routes">The gateway's, by tenant.</param>
/// <param name="Generations">Those that are to run here.</param>
public sealed record LiveSite(
    Reading<LiveCluster> Cluster,
    Reading<ImmutableDictionary<TenantName, LiveRoute>> Routes,
    Reading<ImmutableArray<LiveGeneration>> Generations
);

/// <summary>The shared catalogues of a site's PostgreSQL.</summary>
/// <param name="Databases">Those that were asked for and exist, by name.</param>
/// <param name="Powers">What pools' roles may do beside logging in: <c>SUPERUSER</c>, by role. Roles that may nothing are left out.</param>
/// <param name="SiteMembers">Members of the site's role.</param>
public sealed record LiveCluster(
    ImmutableDictionary<string, LiveDatabase> Databases,
    ImmutableSortedDictionary<string, string> Powers,
    ImmutableSortedSet<string> SiteMembers
);

/// <summary>One database's entry in the catalogues.</summary>
/// <param name="Owner">A role.</param>
/// <param name="IsOpen">It takes connections.</param>
/// <param name="Rights">Who may connect, and what pools' roles may do: <c>CONNECT of reporting</c>; PUBLIC for everybody. The owner's own are left out.</param>
/// <param name="Members">Members of the tenant's owner role, without the site's.</param>
/// <param name="Settings">Of pools' roles in this database: <c>role=own_shop of gen_shared_0a1b2c3d</c>.</param>
public sealed record LiveDatabase(
    string Owner,
    bool IsOpen,
    bool IsTemplate,
    ImmutableSortedSet<string> Rights,
    ImmutableSortedSet<string> Members,
    ImmutableSortedSet<string> Settings
);

/// <summary>Where the gateway leads a tenant.</summary>
/// <param name="Generation">As <see cref="GenerationName"/> names it.</param>
/// <param name="LapsedHold">The hold that has become the maintenance page; null when there is none.</param>
public sealed record LiveRoute(
    string Generation,
    string Database,
    ImmutableArray<string> Hosts,
    LivePorts Ports,
    string? LapsedHold
);

/// <param name="Http">Web workers.</param>
/// <param name="Evented">Websockets and long polling.</param>
public sealed record LivePorts(int Http, int Evented);

/// <summary>A generation as it is now.</summary>
/// <param name="Recorded">What it was made with.</param>
/// <param name="Processes">Those that run of web and cron.</param>
/// <param name="Settings">Its odoo.conf; places where Tidegate put them are named as <see cref="Configuration.GenerationPlaces.OfNobody"/> names them.</param>
/// <param name="Ports">Where its web process listens; null when that does not run.</param>
/// <param name="Serves">What its bridge reads.</param>
/// <param name="ChangedFiles">Files of its release that were changed or added where they lie, a few.</param>
public sealed record LiveGeneration(
    PoolName Pool,
    ReleaseDigest Digest,
    RecordedGeneration Recorded,
    ImmutableArray<LiveProcess> Processes,
    Reading<ImmutableSortedDictionary<string, string>> Settings,
    LivePorts? Ports,
    Reading<LiveList> Serves,
    Reading<ImmutableArray<string>> ChangedFiles
);

/// <summary>What Tidegate wrote down when it made a generation.</summary>
public sealed record RecordedGeneration(int Workers, PoolOptions? Options);

/// <summary>A master process of a generation.</summary>
/// <param name="Name"><c>web</c> or <c>cron</c>.</param>
/// <param name="Runs">The digest of the bundle whose Odoo it runs; a path when that is none of the site's store.</param>
/// <param name="Arguments">Behind the program; places and ports by name.</param>
/// <param name="IsStale">Its option file was written after it had started.</param>
public sealed record LiveProcess(string Name, string Runs, ImmutableArray<string> Arguments, bool IsStale);

/// <summary>Databases that a generation serves.</summary>
public sealed record LiveList(ImmutableSortedSet<string> Web, ImmutableSortedSet<string> Cron);
