using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Capabilities;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Configuration;

/// <summary>What the configuration gate is asked: may these pools of a site take this release as they are set?</summary>
/// <param name="Capability">The release's record; null when it was not run.</param>
/// <param name="Taking">The pools that are to take it.</param>
/// <param name="Others">The site's other pools, whose connections count as well.</param>
/// <param name="Site">Null when it does not answer.</param>
/// <param name="MigrationsAtOnce">Tenants that a rollout migrates at the same time.</param>
public sealed record ConfigurationQuestion(
    ReleaseRef Release,
    CapabilityRecord? Capability,
    ImmutableArray<PoolSettings> Taking,
    ImmutableArray<PoolSettings> Others,
    SiteFacts? Site,
    int MigrationsAtOnce
);

/// <summary>A pool with the options that its generations have.</summary>
/// <param name="Generations">How many there are at most at once while the release goes out: the old, and the new.</param>
public sealed record PoolSettings(PoolName Pool, int Generations, ImmutableArray<OdooSetting> Settings)
{
    /// <summary>What is set; null when it is left to Odoo.</summary>
    public string? Find(string name) =>
        Settings.Where(setting => setting.Name == name).Select(setting => setting.Value).FirstOrDefault();
}
