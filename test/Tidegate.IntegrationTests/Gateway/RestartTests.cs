using System.Net;
using Tidegate.Contracts.Gateway;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Ingress;
using Tidegate.Gateway;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Gateway;

/// <summary>What a gateway that was killed knows when it is back.</summary>
public sealed class RestartTests : IAsyncLifetime
{
    private static readonly TenantName Oslo = new("shop-oslo");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tidegate-gateway-");
    private readonly HttpClient users = new(new SocketsHttpHandler { UseProxy = false });
    private Generation generation = null!;
    private GatewayClient control = null!;

    private string State => Path.Combine(folder.FullName, "state", "state.json");

    private string Socket => Path.Combine(folder.FullName, "gateway.sock");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        generation = await Generation.StartAsync();
        control = new GatewayClient(Socket);
    }

    public async ValueTask DisposeAsync()
    {
        control.Dispose();
        users.Dispose();
        await generation.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_killed_gateway_serves_on_without_being_told_again()
    {
        await using var first = await GatewayProcess.StartAsync(State, Socket);
        await control.RouteAsync(Oslo, Route(epoch: 5), Cancellation);
        await first.KillAsync();

        await using var second = await GatewayProcess.StartAsync(State, Socket);

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(second)).StatusCode);
        var refused = await Assert.ThrowsAsync<GatewayRefusedException>(() =>
            control.RouteAsync(Oslo, Route(epoch: 4), Cancellation)
        );
        Assert.True(refused.IsStale);
    }

    [Fact]
    public async Task A_tenant_on_hold_comes_back_with_the_maintenance_page_until_its_holder_speaks()
    {
        await using var first = await GatewayProcess.StartAsync(State, Socket);
        await control.RouteAsync(Oslo, Route(epoch: 5), Cancellation);
        await control.HoldAsync(Oslo, "u-1", new HoldTerms(5, 60, 600), Cancellation);
        await first.KillAsync();

        await using var second = await GatewayProcess.StartAsync(State, Socket);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AskAsync(second)).StatusCode);
        Assert.Equal(GateState.Maintenance, (await control.FindAsync(Oslo, Cancellation))!.State);

        var renewed = await control.RenewAsync(Oslo, "u-1", new LeaseRenewal(5, 60), Cancellation);
        Assert.Equal(GateState.Holding, renewed.State);
        var held = AskAsync(second);
        await Eventually.IsTrueAsync(
            async () => (await control.FindAsync(Oslo, Cancellation))!.Held == 1,
            () => "nobody is held"
        );
        await control.ReleaseAsync(Oslo, "u-1", 5, Cancellation);
        Assert.Equal(HttpStatusCode.OK, (await held).StatusCode);
    }

    [Fact]
    public async Task A_released_tenant_stays_open_over_a_kill()
    {
        await using var first = await GatewayProcess.StartAsync(State, Socket);
        await control.RouteAsync(Oslo, Route(epoch: 5), Cancellation);
        await control.HoldAsync(Oslo, "u-1", new HoldTerms(5, 60, 600), Cancellation);
        await control.ReleaseAsync(Oslo, "u-1", 5, Cancellation);
        await first.KillAsync();

        await using var second = await GatewayProcess.StartAsync(State, Socket);

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(second)).StatusCode);
    }

    [Fact]
    public async Task A_second_gateway_on_the_same_state_does_not_start()
    {
        await using var first = await GatewayProcess.StartAsync(State, Socket);

        await using var second = await GatewayProcess.StartAsync(State, Path.Combine(folder.FullName, "other.sock"));

        Assert.Equal(GatewayStartException.Configuration, second.ExitCode);
        Assert.Contains("Another gateway may be running", await second.ReadErrorsAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"version\": 1, \"tena")]
    [InlineData("{\"version\": 2, \"tenants\": {}}")]
    public async Task A_state_that_cannot_be_read_stops_the_start_and_is_left_as_it_is(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(State)!);
        await File.WriteAllTextAsync(State, text, Cancellation);

        await using var gateway = await GatewayProcess.StartAsync(State, Socket);

        Assert.Equal(GatewayStartException.Configuration, gateway.ExitCode);
        Assert.Contains("cannot be read", await gateway.ReadErrorsAsync(), StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(State, Cancellation));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_to_be_so()
    {
        await using var gateway = await GatewayProcess.StartAsync(State, Socket, generation.Port);
        await Eventually.IsTrueAsync(() => gateway.HasExited, () => "still running");

        Assert.Equal(GatewayStartException.Unavailable, gateway.ExitCode);
        Assert.Contains($"port {generation.Port}", await gateway.ReadErrorsAsync(), StringComparison.Ordinal);
    }

    private RouteChange Route(long epoch) =>
        new(epoch, ["oslo.example"], "oslo", "shared-old", generation.Port, generation.Port);

    private async Task<HttpResponseMessage> AskAsync(GatewayProcess gateway)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, gateway.Address)
        {
            Headers = { Host = "oslo.example" },
        };
        return await users.SendAsync(request, Cancellation);
    }
}
