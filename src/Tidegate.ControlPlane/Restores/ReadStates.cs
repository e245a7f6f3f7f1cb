using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Restores;

/// <summary>Asks a site's server which states of a tenant there are.</summary>
public sealed record ReadStates(TenantName Tenant, string Database)
{
    public static readonly SiteRequestKind<ReadStates, TenantStates> Kind = new("read-states");
}

/// <summary>Says which states of a tenant there are.</summary>
public sealed class ReadStatesHandler(ISiteRestores site)
    : SiteRequestHandler<ReadStates, TenantStates>(ReadStates.Kind)
{
    protected override Task<TenantStates> AnswerAsync(
        ReadStates request,
        ClaimedRequest claimed,
        CancellationToken cancellationToken
    ) => site.StatesAsync(request.Tenant, request.Database, cancellationToken);
}

/// <summary>Asks a site's server what a way back would cost now.</summary>
public sealed record PriceWayBack(string Database, WrittenSince Since)
{
    public static readonly SiteRequestKind<PriceWayBack, WayBackPrice> Kind = new("price-way-back");
}

/// <summary>Says what a way back would cost now.</summary>
public sealed class PriceWayBackHandler(ISiteRestores site)
    : SiteRequestHandler<PriceWayBack, WayBackPrice>(PriceWayBack.Kind)
{
    protected override Task<WayBackPrice> AnswerAsync(
        PriceWayBack request,
        ClaimedRequest claimed,
        CancellationToken cancellationToken
    ) => site.PriceAsync(request.Database, request.Since, cancellationToken);
}
