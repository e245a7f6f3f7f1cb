using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>The tenant of an upgrade as the plan saw it: everything a step may need to know of it, as values.</summary>
/// <param name="Workers">Web workers of a generation of its pool.</param>
/// <param name="Modules">Modules to update, found by content; empty when the release changes none that is installed.</param>
/// <param name="DeclaredPriceChanges">Product references (<c>default_code</c>) whose price the release's notes say will change; <c>*</c> for any.</param>
public sealed record UpgradeTarget(
    TenantName Tenant,
    PoolName Pool,
    int Workers,
    string Database,
    ImmutableArray<string> Hosts,
    TenantProfile Profile,
    ReleaseRef From,
    ReleaseRef To,
    ImmutableArray<string> Modules,
    ImmutableArray<string> DeclaredPriceChanges
)
{
    /// <summary>The tenant as it is: from its release to the same, with nothing to update.</summary>
    public static UpgradeTarget Unchanged(Tenant tenant, Pool pool, ReleaseRef release) =>
        new(
            tenant.Name,
            pool.Name,
            pool.Workers,
            tenant.Database,
            tenant.Hosts,
            tenant.Profile,
            release,
            release,
            [],
            []
        )
        {
            Options = pool.Options,
        };

    /// <summary>Odoo's options of its pool, or null. Left out of what is stored then, so that plans from before it have the same hash.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PoolOptions? Options { get; init; }

    /// <summary>Tables and columns (<c>table.column</c>) that the release's notes say will go; null for none, left out of what is stored as <see cref="Options"/> is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? DeclaredDrops { get; init; }
}
