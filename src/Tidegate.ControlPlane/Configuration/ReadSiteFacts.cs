using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Configuration;

/// <summary>Asks a site's server what its machine and cluster offer.</summary>
public sealed record ReadSiteFacts
{
    public static readonly SiteRequestKind<ReadSiteFacts, FoundSiteFacts> Kind = new("read-site-facts");
}

/// <param name="Facts">Null when a part of the site does not answer its own server.</param>
public sealed record FoundSiteFacts(SiteFacts? Facts);

/// <summary>Reads what this server's site offers.</summary>
public sealed class ReadSiteFactsHandler(ISiteFactsReader site)
    : SiteRequestHandler<ReadSiteFacts, FoundSiteFacts>(ReadSiteFacts.Kind)
{
    protected override async Task<FoundSiteFacts> AnswerAsync(
        ReadSiteFacts request,
        ClaimedRequest claimed,
        CancellationToken cancellationToken
    ) => new(await site.ReadAsync(cancellationToken));
}
