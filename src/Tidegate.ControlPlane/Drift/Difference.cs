using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Drift;

/// <summary>What differs: a tenant, a generation, or the site itself.</summary>
/// <param name="Kind"><c>tenant</c>, <c>generation</c> or <c>site</c>.</param>
public readonly record struct DriftSubject(string Kind, string Name)
{
    public static DriftSubject Of(TenantName tenant) => new("tenant", tenant.Value);

    public static DriftSubject Of(PoolName pool, ReleaseDigest digest) =>
        new("generation", GenerationName.Of(pool, digest));

    public static DriftSubject Of(SiteName site) => new("site", site.Value);

    /// <exception cref="FormatException">It was not stored by us.</exception>
    public static DriftSubject Parse(string text) =>
        text.Split('/', 2) is [var kind, var name]
            ? new(kind, name)
            : throw new FormatException($"\"{text}\" is no subject of drift.");

    /// <summary><c>tenant/shop-oslo</c>.</summary>
    public override string ToString() => $"{Kind}/{Name}";
}

/// <summary>Why live state differs.</summary>
public enum DriftCause
{
    /// <summary>Tidegate left it as expected: somebody changed it by hand.</summary>
    Manual,

    /// <summary>Tidegate left it as found: the fleet has asked for something else since, and nothing has carried it out.</summary>
    Behind,
}

/// <summary>One difference between live state and what it should be.</summary>
/// <param name="Environment">Null for what belongs to the whole site.</param>
/// <param name="Item">What of the subject: <c>CONNECT of reporting</c>, <c>limit_time_cpu</c>. With subject and code it names the difference.</param>
/// <param name="Expected">One line.</param>
/// <param name="Found">One line; never a secret.</param>
public sealed record Difference(
    DriftSubject Subject,
    EnvironmentName? Environment,
    DriftCode Code,
    string Item,
    string Expected,
    string Found,
    DriftCause Cause = DriftCause.Manual
);

/// <summary>What could not be judged, and why: no difference is known of it, and none is ruled out.</summary>
/// <param name="Subject">Null for every subject of the site.</param>
public sealed record Unjudged(DriftSubject? Subject, DriftAspect Aspect, string Why);

/// <summary>What a check of a site came to.</summary>
/// <param name="Judged">Tenants that were compared.</param>
/// <param name="Busy">Tenants that an upgrade works on: theirs to say.</param>
public sealed record DriftReport(
    ImmutableArray<Difference> Differences,
    ImmutableArray<Unjudged> Unjudged,
    int Judged,
    ImmutableArray<TenantName> Busy
);
