using System.Globalization;
using System.Net.Sockets;
using Tidegate.Contracts.Gateway;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Ingress;
using Tidegate.Drivers.Sites;

namespace Tidegate.Bench.Gateway;

/// <summary>The gateway as it is started in a site, with one tenant that is led to one port.</summary>
internal sealed class BenchGateway : IAsyncDisposable
{
    public const string Host = "bench.example";

    private static readonly TenantName Tenant = new("bench");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tidegate-bench-");
    private GatewayClient? control;

    public required int Port { get; init; }

    public BenchProcess Process { get; private set; } = null!;

    public static async Task<BenchGateway> StartAsync(int upstream, CancellationToken cancellationToken)
    {
        var gateway = new BenchGateway { Port = BenchProcess.FreePort() };
        var socket = Path.Combine(gateway.folder.FullName, "gateway.sock");
        gateway.Process = await BenchProcess.StartAsync(
            Path.Combine(AppContext.BaseDirectory, "tidegate"),
            [
                "gateway",
                "--state",
                Path.Combine(gateway.folder.FullName, "state.json"),
                "--control",
                socket,
                "--port",
                gateway.Port.ToString(CultureInfo.InvariantCulture),
            ],
            SiteSpecs.GatewayRuntime,
            new UnixDomainSocketEndPoint(socket),
            cancellationToken
        );
        gateway.control = new GatewayClient(socket);
        await gateway.control.RouteAsync(
            Tenant,
            new RouteChange(1, [Host], "bench", "bench-1", upstream, upstream),
            cancellationToken
        );
        return gateway;
    }

    public Task HoldAsync(CancellationToken cancellationToken) =>
        control!.HoldAsync(Tenant, "u-1", new HoldTerms(1, 300, 300), cancellationToken);

    public Task ReleaseAsync(CancellationToken cancellationToken) =>
        control!.ReleaseAsync(Tenant, "u-1", 1, cancellationToken);

    public async Task<int> HeldAsync(CancellationToken cancellationToken) =>
        (await control!.FindAsync(Tenant, cancellationToken))!.Held;

    public async ValueTask DisposeAsync()
    {
        control?.Dispose();
        await Process.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
