using System.Collections.Concurrent;
using System.Net;

namespace Tidegate.Gateway.Forwarding;

/// <summary>One port of one generation.</summary>
/// <param name="Places">
/// A place for each connection, given in the order asked; null where connections are not bounded. The invoker's own queue
/// gives them to the latest first, so under load the oldest request would starve, and a release would turn round.
/// </param>
internal sealed record Upstream(string Address, HttpMessageInvoker Invoker, Places? Places);

/// <summary>A connection pool for each port, made when first asked for.</summary>
/// <remarks>
/// Pools stay while the gateway runs: their idle connections close by themselves, and the number of ports is small.
/// </remarks>
internal sealed class Upstreams(GatewayOptions options) : IDisposable
{
    private readonly ConcurrentDictionary<(int Port, bool Evented), Upstream> byPort = new();

    /// <summary>Web workers: a bounded pool. Without the bound a release of thousands lost requests to thousands of connections.</summary>
    public Upstream Http(int port) => byPort.GetOrAdd((port, false), Create);

    /// <summary>The evented child: every tunnel keeps its connection, so the pool has no small bound.</summary>
    public Upstream Evented(int port) => byPort.GetOrAdd((port, true), Create);

    public void Dispose()
    {
        foreach (var upstream in byPort.Values)
        {
            upstream.Invoker.Dispose();
        }
    }

    private Upstream Create((int Port, bool Evented) key)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = false,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionIdleTimeout = options.UpstreamIdleTimeout,
        };
        return new Upstream(
            $"http://127.0.0.1:{key.Port}",
            new HttpMessageInvoker(handler, disposeHandler: true),
            key.Evented ? null : new Places(options.ConnectionsPerUpstream)
        );
    }
}
