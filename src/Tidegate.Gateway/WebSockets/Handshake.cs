using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tidegate.Gateway.Routing;

namespace Tidegate.Gateway.WebSockets;

/// <summary>A websocket's way through the gateway: in flight until the upgrade, a tunnel after it.</summary>
internal sealed class Handshake : IHttpUpgradeFeature, IDisposable
{
    private readonly IHttpUpgradeFeature inner;
    private readonly Tenant tenant;
    private TunnelStream? tunnel;

    public Handshake(HttpContext context, Tenant tenant)
    {
        inner = context.Features.GetRequiredFeature<IHttpUpgradeFeature>();
        this.tenant = tenant;
        context.Features.Set<IHttpUpgradeFeature>(this);
    }

    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    /// <summary>True for a websocket. Other upgrades (curl and Java offer HTTP/2 so) are declined by saying nothing, as HTTP allows.</summary>
    public static bool IsAsked(HttpContext context)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true })
        {
            return false;
        }

        if (context.Request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        context.Features.Set<IHttpUpgradeFeature>(null);
        context.Request.Headers.Remove("Upgrade");
        return false;
    }

    public async Task<Stream> UpgradeAsync()
    {
        tunnel = new TunnelStream(await inner.UpgradeAsync());
        tenant.Tunnels.Add(tunnel); // counted as a tunnel before it is no longer in flight: a drain never misses it
        tenant.Gate.Leave(null);
        return tunnel;
    }

    public void Dispose()
    {
        if (tunnel is null)
        {
            tenant.Gate.Leave(null);
        }
        else
        {
            tenant.Tunnels.Remove(tunnel);
        }
    }
}
