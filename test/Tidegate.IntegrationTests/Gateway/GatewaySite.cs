using Tidegate.Contracts.Gateway;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Ingress;
using Tidegate.Gateway;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Gateway;

/// <summary>A gateway in a folder of its own, two generations behind it, and a client of its control API.</summary>
internal sealed class GatewaySite : IAsyncDisposable
{
    public const string Host = "oslo.example";
    public const string Hold = "u-1";

    public static readonly TenantName Oslo = new("shop-oslo");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tidegate-gateway-");

    public GatewayHost Gateway { get; private set; } = null!;

    public GatewayClient Control { get; private set; } = null!;

    public Generation Old { get; private set; } = null!;

    public Generation New { get; private set; } = null!;

    public HttpClient Users { get; } = CreateUsers();

    public Uri Address => Gateway.Address;

    public string StateFile => Path.Combine(folder.FullName, "state.json");

    public string Socket => Path.Combine(folder.FullName, "gateway.sock");

    public static async Task<GatewaySite> StartAsync(Func<GatewayOptions, GatewayOptions>? adjust = null)
    {
        var site = new GatewaySite { Old = await Generation.StartAsync(), New = await Generation.StartAsync() };
        await site.StartGatewayAsync(TimeProvider.System, adjust);
        await site.Control.RouteAsync(Oslo, site.To(site.Old), TestContext.Current.CancellationToken);
        return site;
    }

    public async Task StartGatewayAsync(TimeProvider clock, Func<GatewayOptions, GatewayOptions>? adjust = null)
    {
        var options = new GatewayOptions
        {
            StateFile = StateFile,
            ControlSocket = Socket,
            Port = 0,
            ShutdownTimeout = TimeSpan.FromSeconds(1),
        };
        Gateway = await GatewayHost.StartAsync(
            adjust?.Invoke(options) ?? options,
            clock,
            TestContext.Current.CancellationToken
        );
        Control = new GatewayClient(Socket);
    }

    public RouteChange To(Generation generation, long epoch = 1) =>
        new(epoch, [Host], "oslo", generation == Old ? "shared-old" : "shared-new", generation.Port, generation.Port);

    public Task<GatewayTenantStatus> HoldAsync(
        int maxRequests = 10_000,
        long maxBytes = 1_000_000,
        string hold = Hold
    ) =>
        Control.HoldAsync(
            Oslo,
            hold,
            new HoldTerms(1, 60, 600, maxRequests, maxBytes),
            TestContext.Current.CancellationToken
        );

    public Task<GatewayTenantStatus> ReleaseAsync(string hold = Hold) =>
        Control.ReleaseAsync(Oslo, hold, 1, TestContext.Current.CancellationToken);

    public async Task<GatewayTenantStatus> StatusAsync() =>
        await Control.FindAsync(Oslo, TestContext.Current.CancellationToken)
        ?? throw new InvalidOperationException("gone");

    public HttpRequestMessage Request(
        HttpMethod method,
        string path,
        HttpContent? content = null,
        string host = Host
    ) => new(method, new Uri(Address, path)) { Content = content, Headers = { Host = host } };

    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? content = null,
        string host = Host
    ) => Users.SendAsync(Request(method, path, content, host), TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> GetAsync(string path, string host = Host) =>
        SendAsync(HttpMethod.Get, path, host: host);

    /// <summary>Waits until the tenant's status is as wanted; fails after ten seconds with the last one seen.</summary>
    public async Task<GatewayTenantStatus> UntilAsync(Func<GatewayTenantStatus, bool> wanted)
    {
        GatewayTenantStatus? status = null;
        await Eventually.IsTrueAsync(async () => wanted(status = await StatusAsync()), () => $"still {status}");
        return status!;
    }

    public async ValueTask DisposeAsync()
    {
        Users.Dispose();
        Control.Dispose();
        await Gateway.DisposeAsync();
        await Old.DisposeAsync();
        await New.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static HttpClient CreateUsers() =>
        new(
            new SocketsHttpHandler
            {
                UseCookies = false,
                AllowAutoRedirect = false,
                UseProxy = false,
                MaxConnectionsPerServer = int.MaxValue,
            }
        )
        {
            Timeout = TimeSpan.FromSeconds(60),
        };
}
