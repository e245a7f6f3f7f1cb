using System.Collections.Immutable;
using System.Net;
using Tidegate.Contracts.Gateway;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Ingress;
using Tidegate.Drivers.Runtimes;

namespace Tidegate.IntegrationTests.Gateway;

public sealed class StepHandlerTests
{
    private static readonly ReleaseRef From = new("2026.11.1", new($"sha256:{new string('a', 64)}"));
    private static readonly ReleaseRef To = new("2026.11.2", new($"sha256:{new string('b', 64)}"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hold_waits_for_what_runs_and_holding_twice_is_holding_once()
    {
        await using var site = await GatewaySite.StartAsync();
        var finish = new TaskCompletionSource();
        site.Old.Answer = _ => finish.Task;
        var running = site.GetAsync("/slow");
        await site.UntilAsync(status => status.InFlight == 1);

        var holding = HoldAsync(site, drainBound: TimeSpan.FromSeconds(30));
        await site.UntilAsync(status => status.State == GateState.Holding);
        Assert.False(holding.IsCompleted);
        finish.SetResult();

        Assert.IsType<StepOutcome.Done>(await holding);
        Assert.IsType<StepOutcome.Done>(await HoldAsync(site, drainBound: TimeSpan.FromSeconds(30)));
        Assert.Equal(HttpStatusCode.OK, (await running).StatusCode);
    }

    [Fact]
    public async Task A_tenant_busy_over_the_bound_is_put_off_and_stays_on_hold_for_the_way_back()
    {
        await using var site = await GatewaySite.StartAsync();
        var finish = new TaskCompletionSource();
        site.Old.Answer = _ => finish.Task;
        var running = site.GetAsync("/slow");
        await site.UntilAsync(status => status.InFlight == 1);

        var outcome = await HoldAsync(site, drainBound: TimeSpan.FromMilliseconds(100));

        Assert.Contains(
            "1 running requests",
            Assert.IsType<StepOutcome.PutOff>(outcome).Reason,
            StringComparison.Ordinal
        );
        Assert.Equal(GateState.Holding, (await site.StatusAsync()).State);
        Assert.IsType<StepOutcome.Done>(await ReopenAsync(site));
        finish.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await running).StatusCode);
        await site.UntilAsync(status => status is { State: GateState.Open, InFlight: 0 });
    }

    [Fact]
    public async Task Reopen_lets_held_requests_go_to_the_old_generation_and_does_nothing_the_second_time()
    {
        await using var site = await GatewaySite.StartAsync();
        await HoldAsync(site, TimeSpan.FromSeconds(5));
        var held = site.GetAsync("/held");
        await site.UntilAsync(status => status.Held == 1);

        var first = Assert.IsType<StepOutcome.Done>(await ReopenAsync(site));
        var second = Assert.IsType<StepOutcome.Done>(await ReopenAsync(site));

        Assert.Contains("2026.11.1", first.Did, StringComparison.Ordinal);
        Assert.Contains("not on hold", second.Did, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await held).StatusCode);
        Assert.Equal("/held", Assert.Single(site.Old.Asked));
    }

    [Fact]
    public async Task Opening_sends_held_requests_to_the_new_generation()
    {
        await using var site = await GatewaySite.StartAsync();
        await HoldAsync(site, TimeSpan.FromSeconds(5));
        var held = site.GetAsync("/held");
        await site.UntilAsync(status => status.Held == 1);
        var routing = new TenantRouting(site.Control, new Ports(site));

        await routing.OpenAsync(Context(), To, Cancellation);
        await routing.OpenAsync(Context(), To, Cancellation);

        Assert.Equal(HttpStatusCode.OK, (await held).StatusCode);
        Assert.Equal("/held", Assert.Single(site.New.Asked));
        Assert.Empty(site.Old.Asked);
    }

    [Fact]
    public async Task A_watched_tenant_whose_requests_fail_is_found_before_its_time_is_over()
    {
        await using var site = await GatewaySite.StartAsync();
        await new TenantRouting(site.Control, new Ports(site)).OpenAsync(Context(), To, Cancellation);
        await site.GetAsync("/well");
        Assert.IsType<StepOutcome.NotYet>(await BakeAsync(site, TimeSpan.FromMinutes(1)));

        site.New.Answer = http =>
        {
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        for (var request = 0; request < BakeVerdict.LeastFailures; request++)
        {
            await site.GetAsync("/broken");
        }

        var outcome = Assert.IsType<StepOutcome.Failed>(await BakeAsync(site, TimeSpan.FromMinutes(1)));
        Assert.Contains("5 of 6 requests of shop-oslo failed", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenant_that_is_led_elsewhere_is_not_taken_for_a_healthy_one()
    {
        await using var site = await GatewaySite.StartAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => BakeAsync(site, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task An_old_control_plane_asks_a_person()
    {
        await using var site = await GatewaySite.StartAsync();
        await site.Control.RouteAsync(GatewaySite.Oslo, site.To(site.Old, epoch: 9), Cancellation);

        Assert.IsType<StepOutcome.Unknown>(await HoldAsync(site, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task An_upgrades_lease_renews_its_own_hold_and_begins_none()
    {
        await using var site = await GatewaySite.StartAsync();
        var lease = new GatewayUpgradeLease(site.Control);

        await lease.RenewAsync(Context(), Cancellation);
        Assert.Equal(GateState.Open, (await site.StatusAsync()).State);
        await HoldAsync(site, TimeSpan.FromSeconds(5));
        await lease.RenewAsync(Context(), Cancellation);

        Assert.Equal(GateState.Holding, (await site.StatusAsync()).State);
    }

    [Fact]
    public async Task A_lease_outlives_a_gateway_that_is_down()
    {
        using var nobody = new GatewayClient(Path.Combine(Path.GetTempPath(), "tidegate-no-such.sock"));

        await new GatewayUpgradeLease(nobody).RenewAsync(Context(), Cancellation);
    }

    private static Task<StepOutcome> HoldAsync(GatewaySite site, TimeSpan drainBound) =>
        new HoldHandler(site.Control, TimeProvider.System).RunAsync(
            new Hold(drainBound, TimeSpan.FromMinutes(5)),
            Context(),
            Cancellation
        );

    private static Task<StepOutcome> BakeAsync(GatewaySite site, TimeSpan duration) =>
        new BakeHandler(site.Control).RunAsync(new Bake(duration, MaxErrorShare: 0.02), Context(), Cancellation);

    private static Task<StepOutcome> ReopenAsync(GatewaySite site) =>
        new ReopenHandler(site.Control, new TenantRouting(site.Control, new Ports(site))).RunAsync(
            new Reopen(),
            Context(),
            Cancellation
        );

    private static StepContext Context()
    {
        var target = new UpgradeTarget(
            GatewaySite.Oslo,
            new PoolName("shared"),
            2,
            "oslo",
            [GatewaySite.Host],
            new TenantProfile("admin", "secret", ImmutableArray<string>.Empty),
            From,
            To,
            ImmutableArray<string>.Empty,
            ImmutableArray<string>.Empty
        );
        var upgrade = new UpgradeId("u-0123456789abcdef");
        return new StepContext(new StepId(upgrade, "hold"), new RolloutId("r-1"), target, 1, default, default);
    }

    private sealed class Ports(GatewaySite site) : IGenerationPorts
    {
        public Task<GenerationPorts?> FindAsync(
            PoolName pool,
            ReleaseDigest digest,
            CancellationToken cancellationToken
        )
        {
            var port = digest == From.Digest ? site.Old.Port : site.New.Port;
            return Task.FromResult<GenerationPorts?>(new GenerationPorts(port, port));
        }
    }
}
