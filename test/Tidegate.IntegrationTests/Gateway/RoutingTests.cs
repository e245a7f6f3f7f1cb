using System.Net;
using Tidegate.Contracts.Gateway;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Ingress;

namespace Tidegate.IntegrationTests.Gateway;

public sealed class RoutingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_request_fails_while_its_tenant_is_led_to_and_fro()
    {
        await using var site = await GatewaySite.StartAsync();
        using var swapping = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var users = Enumerable.Range(0, 16).Select(_ => AskAsync(site, swapping.Token)).ToArray();

        for (var swap = 0; swap < 40; swap++)
        {
            var next = swap % 2 == 0 ? site.New : site.Old;
            await site.Control.RouteAsync(GatewaySite.Oslo, site.To(next), Cancellation);
        }

        await swapping.CancelAsync();
        Assert.All(await Task.WhenAll(users), failed => Assert.Equal(0, failed));
        Assert.NotEmpty(site.Old.Asked);
        Assert.NotEmpty(site.New.Asked);
    }

    [Fact]
    public async Task A_neighbour_on_the_same_generation_is_served_while_a_tenants_release_is_under_way()
    {
        await using var site = await GatewaySite.StartAsync();
        await site.Control.RouteAsync(
            new TenantName("shop-lima"),
            site.To(site.Old) with
            {
                Hosts = ["lima.example"],
                Database = "lima",
            },
            Cancellation
        );
        var finish = new TaskCompletionSource();
        site.Old.Answer = context =>
            context.Request.Headers["X-Tidegate-Database"] == "oslo" ? finish.Task : Task.CompletedTask;
        await site.HoldAsync();
        var held = Enumerable.Range(0, 200).Select(number => site.GetAsync($"/{number}")).ToArray();
        await site.UntilAsync(status => status.Held == held.Length);
        await site.ReleaseAsync();
        await site.UntilAsync(status => status.State == GateState.Releasing && status.InFlight > 0);

        var neighbour = await site.GetAsync("/", "lima.example");

        Assert.Equal(HttpStatusCode.OK, neighbour.StatusCode);
        Assert.Equal(GateState.Releasing, (await site.StatusAsync()).State);
        finish.SetResult();
        Assert.All(await Task.WhenAll(held), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    [Fact]
    public async Task A_tenant_that_was_taken_away_is_unknown_and_its_epoch_is_not_forgotten()
    {
        await using var site = await GatewaySite.StartAsync();
        await site.Control.RemoveAsync(GatewaySite.Oslo, 5, Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, (await site.GetAsync("/")).StatusCode);
        Assert.Null(await site.Control.FindAsync(GatewaySite.Oslo, Cancellation));
        var refused = await Assert.ThrowsAsync<GatewayRefusedException>(() =>
            site.Control.RouteAsync(GatewaySite.Oslo, site.To(site.Old, epoch: 4), Cancellation)
        );
        Assert.True(refused.IsStale);
    }

    [Theory]
    [InlineData("no host")]
    [InlineData("http://oslo.example")]
    [InlineData("oslo.example:8069")]
    [InlineData("")]
    public async Task A_route_needs_real_host_names(string host)
    {
        await using var site = await GatewaySite.StartAsync();

        var refused = await Assert.ThrowsAsync<GatewayRefusedException>(() =>
            site.Control.RouteAsync(GatewaySite.Oslo, site.To(site.Old) with { Hosts = [host] }, Cancellation)
        );

        Assert.Equal(GatewayProblems.Invalid, refused.Problem.Type);
        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task The_metrics_port_gives_meters_and_nothing_else()
    {
        var port = FreePort();
        await using var site = await GatewaySite.StartAsync(options => options with { MetricsPort = port });

        var metrics = await site.Users.GetAsync(new Uri($"http://127.0.0.1:{port}/metrics"), Cancellation);
        var control = await site.Users.GetAsync(new Uri($"http://127.0.0.1:{port}/v1/tenants"), Cancellation);

        Assert.Contains(
            "tidegate_gateway_in_flight{tenant=\"shop-oslo\"} 0",
            await metrics.Content.ReadAsStringAsync(Cancellation),
            StringComparison.Ordinal
        );
        Assert.Equal(HttpStatusCode.NotFound, control.StatusCode);
    }

    private static async Task<int> AskAsync(GatewaySite site, CancellationToken until)
    {
        var failed = 0;
        do
        {
            using var answer = await site.GetAsync("/page");
            failed += answer.IsSuccessStatusCode ? 0 : 1;
        } while (!until.IsCancellationRequested);

        return failed;
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
