using Microsoft.AspNetCore.Http;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Sites;

/// <summary>Which site a request means, for every route that is of one.</summary>
internal static class SiteEndpoints
{
    /// <summary>The site that is meant: the only one where none is named.</summary>
    /// <param name="name">Null for the only site there is.</param>
    public static async Task<IResult> OnSiteAsync(
        string? name,
        SiteStore sites,
        Func<SiteName, Task<IResult>> action,
        CancellationToken cancellationToken
    )
    {
        var known = await sites.ListAsync(cancellationToken);
        if (name is null && known.Count != 1)
        {
            return Problems.Invalid(
                $"there are {known.Count} sites: {string.Join(", ", known.Keys.Select(site => site.Value).Order(StringComparer.Ordinal))}.",
                "say which with --site."
            );
        }

        var site = name is null ? known.Keys.Single() : new SiteName(name);
        return known.ContainsKey(site)
            ? await action(site)
            : Problems.NotFound($"there is no site \"{name}\".", "tidegate backup status shows those there are.");
    }
}
