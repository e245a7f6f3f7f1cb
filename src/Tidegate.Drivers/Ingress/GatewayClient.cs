using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Serialization.Metadata;
using Tidegate.Contracts.Gateway;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Drivers.Ingress;

/// <summary>Speaks to a gateway's control API over its unix socket. Every call may be repeated.</summary>
/// <remarks>
/// All calls throw <see cref="GatewayRefusedException"/> when the gateway refuses and <see cref="HttpRequestException"/>
/// when it does not answer; it may then have acted or not, and the same call finds out.
/// </remarks>
public sealed class GatewayClient(string controlSocket) : IDisposable
{
    private readonly HttpClient http = new(Handler(controlSocket))
    {
        BaseAddress = new Uri("http://gateway"),
        Timeout = TimeSpan.FromSeconds(10),
    };

    /// <summary>The tenant's state; null when the gateway has no route for it.</summary>
    public async Task<GatewayTenantStatus?> FindAsync(TenantName tenant, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(HttpMethod.Get, GatewayPaths.Tenant(tenant.Value), null, cancellationToken);
        }
        catch (GatewayRefusedException refused) when (refused.IsUnknownTenant)
        {
            return null; // the answer to the question, not a failure
        }
    }

    public async Task<IReadOnlyList<GatewayTenantStatus>> ListAsync(CancellationToken cancellationToken) =>
        await http.GetFromJsonAsync(
            GatewayPaths.Tenants,
            GatewayJson.Default.IReadOnlyListGatewayTenantStatus,
            cancellationToken
        ) ?? [];

    /// <summary>Sends the tenant's requests there. A hold that is on stays on.</summary>
    public Task<GatewayTenantStatus> RouteAsync(
        TenantName tenant,
        RouteChange change,
        CancellationToken cancellationToken
    ) =>
        SendAsync(
            HttpMethod.Put,
            GatewayPaths.Route(tenant.Value),
            Json(change, GatewayJson.Default.RouteChange),
            cancellationToken
        );

    /// <summary>Begins the hold, or renews it when it is on. Past its bound it stays the maintenance page: the status says so.</summary>
    public Task<GatewayTenantStatus> HoldAsync(
        TenantName tenant,
        string hold,
        HoldTerms terms,
        CancellationToken cancellationToken
    ) =>
        SendAsync(
            HttpMethod.Put,
            GatewayPaths.Hold(tenant.Value, hold),
            Json(terms, GatewayJson.Default.HoldTerms),
            cancellationToken
        );

    /// <summary>Renews the hold if it is on; begins none.</summary>
    public Task<GatewayTenantStatus> RenewAsync(
        TenantName tenant,
        string hold,
        LeaseRenewal renewal,
        CancellationToken cancellationToken
    ) =>
        SendAsync(
            HttpMethod.Put,
            GatewayPaths.Lease(tenant.Value, hold),
            Json(renewal, GatewayJson.Default.LeaseRenewal),
            cancellationToken
        );

    /// <summary>Lets the held requests go. A hold that is not on, or is another's, is left as it is.</summary>
    public Task<GatewayTenantStatus> ReleaseAsync(
        TenantName tenant,
        string hold,
        long epoch,
        CancellationToken cancellationToken
    ) =>
        SendAsync(
            HttpMethod.Delete,
            string.Create(CultureInfo.InvariantCulture, $"{GatewayPaths.Hold(tenant.Value, hold)}?epoch={epoch}"),
            null,
            cancellationToken
        );

    /// <summary>Takes the tenant away: its hosts are unknown from now on. Its epoch is remembered.</summary>
    public async Task RemoveAsync(TenantName tenant, long epoch, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"{GatewayPaths.Tenant(tenant.Value)}?epoch={epoch}");
        using var response = await http.DeleteAsync(path, cancellationToken);
        await ThrowIfRefusedAsync(response, cancellationToken);
    }

    /// <summary>The meters in Prometheus' text format.</summary>
    public Task<string> ReadMetricsAsync(CancellationToken cancellationToken) =>
        http.GetStringAsync(GatewayPaths.Metrics, cancellationToken);

    public void Dispose() => http.Dispose();

    private static SocketsHttpHandler Handler(string controlSocket) =>
        new()
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(controlSocket), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };

    private static JsonContent Json<T>(T value, JsonTypeInfo<T> type) => JsonContent.Create(value, type);

    private async Task<GatewayTenantStatus> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? content,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await http.SendAsync(request, cancellationToken);
        await ThrowIfRefusedAsync(response, cancellationToken);
        return await response.Content.ReadFromJsonAsync(GatewayJson.Default.GatewayTenantStatus, cancellationToken)
            ?? throw new HttpRequestException($"The gateway answered {method} {path} with nothing.");
    }

    private static async Task ThrowIfRefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            var problem = await response.Content.ReadFromJsonAsync(
                GatewayJson.Default.GatewayProblem,
                cancellationToken
            );
            throw new GatewayRefusedException(problem!);
        }

        response.EnsureSuccessStatusCode();
    }
}
