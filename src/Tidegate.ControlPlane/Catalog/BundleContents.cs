using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Modules;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Catalog;

/// <summary>Answers what is in releases from the site's bundle store.</summary>
public sealed class BundleContents(BundleStore store) : IReleaseContents, ISiteBundles
{
    public IReadOnlyCollection<ReleaseDigest> Held() => store.Digests();

    public bool Has(ReleaseDigest digest) => store.Find(digest) is not null;

    public BundleManifest? Find(ReleaseDigest digest) => store.Find(digest);

    public ReleaseManifest? FindBuilt(string name) => store.FindRelease(name);

    public ReleasePlace? PlaceOf(ReleaseDigest digest) => store.PlaceOf(digest);

    public ImmutableArray<string> ModulesToUpdate(
        ReleaseDigest from,
        ReleaseDigest to,
        TenantObservation.Seen tenant
    ) => Changes(Bundle(from), Bundle(to), tenant).Update;

    public ImmutableArray<string> MissingModules(ReleaseDigest to, TenantObservation.Seen tenant)
    {
        var bundle = Bundle(to);
        return Changes(bundle, bundle, tenant).Missing;
    }

    private ModuleChanges Changes(BundleManifest from, BundleManifest to, TenantObservation.Seen tenant)
    {
        var rule = ChecksumRule.ClickOdoo.For(tenant.Languages);
        return Catalog.ModulesToUpdate.Find(
            to,
            store.Checksums(to, tenant.Installed.Keys, rule),
            store.Checksums(from, tenant.Installed.Keys, rule),
            tenant.Installed.ToDictionary(
                module => module.Key,
                module => new InstalledModule(module.Value, tenant.Checksums?.GetValueOrDefault(module.Key)),
                StringComparer.Ordinal
            )
        );
    }

    private BundleManifest Bundle(ReleaseDigest digest) =>
        store.Find(digest)
        ?? throw new FileNotFoundException(
            $"bundle {digest} is not in {store.Folder}; tidegate release build makes it."
        );
}
