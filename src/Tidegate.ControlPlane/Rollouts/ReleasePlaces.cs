using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>Which site is served, and which bundles it holds: of our own sites as it is now, of others as they last said.</summary>
internal sealed class ReleasePlaces(
    ImmutableDictionary<SiteName, Site> sites,
    IReleaseContents contents,
    ServedSites served
)
{
    /// <summary>Null when the tenant can go to the release where it is; otherwise one sentence.</summary>
    public string? Refusal(FleetMember member, ReleaseRef release)
    {
        var site = sites.GetValueOrDefault(member.Pool.Site);
        return Site.Refusal(member.Pool.Site, site) is { } silent
                ? $"{member.Tenant.Name} of pool {member.Pool.Name}: {silent}"
            : Missing(site!, release) is { } bundle
                ? $"bundle {bundle.Digest} of release {bundle.Name} is not in the store of site {site!.Name}, where {member.Tenant.Name} is; build it there too: tidegate release build."
            : Missing(site!, member.Release) is { } from
                ? $"release {from.Name}, which {member.Tenant.Name} runs, is not in the bundle store of site {site!.Name}; build it again."
            // What a release changes in a tenant is read from its files, by whoever plans.
            : new[] { release, member.Release }.FirstOrDefault(needed => !contents.Has(needed.Digest)) is { } unread
                ? $"bundle {unread.Digest} of release {unread.Name} is not in the store of site {string.Join(", ", served.Values)}, whose server makes this plan; build it there too, or ask the server of site {site!.Name}."
            : null;
    }

    private ReleaseRef? Missing(Site site, ReleaseRef release) =>
        (served.Names.Contains(site.Name) ? contents.Has(release.Digest) : site.Bundles.Contains(release.Digest))
            ? null
            : release;
}
