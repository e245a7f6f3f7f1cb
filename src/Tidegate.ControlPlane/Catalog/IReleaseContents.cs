using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Catalog;

/// <summary>What is in the releases of this control plane's bundle store.</summary>
public interface IReleaseContents
{
    /// <summary>Whether the bundle is there, whole.</summary>
    bool Has(ReleaseDigest digest);

    /// <summary>What the bundle holds; null when it is not there.</summary>
    BundleManifest? Find(ReleaseDigest digest);

    /// <summary>What was built under that name; null when nothing was.</summary>
    ReleaseManifest? FindBuilt(string name);

    /// <summary>Where the bundle's files are; null when it is not there.</summary>
    ReleasePlace? PlaceOf(ReleaseDigest digest);

    /// <summary>Installed modules whose content differs between what the tenant runs and the release, sorted by name.</summary>
    /// <exception cref="FileNotFoundException">A bundle is not in the store.</exception>
    ImmutableArray<string> ModulesToUpdate(ReleaseDigest from, ReleaseDigest to, TenantObservation.Seen tenant);

    /// <summary>Installed modules that the release does not bring.</summary>
    ImmutableArray<string> MissingModules(ReleaseDigest to, TenantObservation.Seen tenant);
}
