using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Ingress;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Cutover;

/// <summary>A client whose order is held gives up and sends it again, as tills do.</summary>
[Collection(nameof(WholeSite))]
public sealed class ImpatientClientTests(WholeSite site)
{
    [Fact]
    public async Task A_client_that_gives_up_while_held_and_retries_makes_one_order()
    {
        using var client = new ShopVisitor(site.GatewayPort, WholeSite.Host);
        await client.LogInAsync(WholeSite.Database, "shop", site.ShopPassword);
        var release = await site.NextReleaseAsync();
        var reference = $"sent twice on the way to {release}";
        var order = await client.PrepareOrderAsync(reference);
        await using var gates = await StepGates.ShutAsync(site, "migrate");
        var rollout = await site.StartAsync(release);

        await gates.ReachedAsync("migrate");
        await client.GiveUpOrderAsync(order, async () => await HeldAsync() == 1);
        var retry = client.OrderAsync(order);
        await Eventually.IsTrueAsync(async () => await HeldAsync() == 1, "only the retry waits");
        await gates.OpenAsync("migrate");
        await retry;

        Assert.Equal("completed", (await site.EndAsync(rollout)).Outcome);
        Assert.Equal(
            "1",
            await site.ScalarAsync(
                WholeSite.Database,
                "select count(*) from sale_order where client_order_ref = $1",
                reference
            )
        );
    }

    private async Task<int> HeldAsync()
    {
        using var gateway = new GatewayClient(site.Layout.GatewaySocket);
        return (await gateway.FindAsync(new TenantName("shop-oslo"), TestContext.Current.CancellationToken))!.Held;
    }
}
