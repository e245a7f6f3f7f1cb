using System.Text.Json;
using Tidegate.Cli.Client;
using Tidegate.Contracts.Restores;
using Tidegate.Drivers.Sites;
using Tidegate.OdooTests.Cutover;

namespace Tidegate.OdooTests.Restores;

/// <summary>A real shop on real Odoo is upgraded, sells, and goes back to its checkpoint.</summary>
[Collection(nameof(WholeSite))]
public sealed class CheckpointRestoreTests(WholeSite site)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sold_after_the_upgrade_the_shop_goes_back_only_when_the_loss_is_accepted_and_no_number_comes_again()
    {
        var before = await site.ReleaseAsync();
        Assert.Equal("completed", (await site.EndAsync(await site.StartAsync(await site.NextReleaseAsync()))).Outcome);
        var quiet = await PriceAsync();
        Assert.True(quiet.Price.Rows == 0, quiet.Price.Sentence);

        var sold = await site.SellAsync("after the upgrade");
        var price = await PriceAsync();
        Assert.Equal((1L, false), (price.Price.Rows, price.IsWindowOpen));
        var refused = await Assert.ThrowsAsync<ProblemException>(() => OrderAsync(new("checkpoint")));
        Assert.Contains("1 order written", refused.Problem.What, StringComparison.Ordinal);

        var went = await GoBackAsync(new("checkpoint", AcceptLoss: 1));
        var view = await site.EndAsync(went.Rollout!);
        Assert.True(view.Outcome is "completed", $"{view.Outcome}: {view.Reason}");
        Assert.Contains(
            "1 order written",
            view.Tenants[0].Steps.Single(step => step.Kind is "measure-loss").Summary,
            StringComparison.Ordinal
        );
        Assert.Equal(before, await site.ReleaseAsync());
        Assert.Equal("0", await CountAsync("after the upgrade"));
        var evidence = new SiteLayout(site.Layout.Home).EvidenceOf(new(went.Rollout!), new(WholeSite.Database));
        Assert.Contains(
            "after the upgrade",
            await File.ReadAllTextAsync(Path.Combine(evidence, "lost-orders.json"), Token),
            StringComparison.Ordinal
        );

        var again = await site.SellAsync("after the way back");
        Assert.True(SiteOrders.Number(again) > SiteOrders.Number(sold), $"{again} after {sold}");
        await site.DropCheckpointsAsync();
    }

    private Task<string?> CountAsync(string reference) =>
        site.ScalarAsync(WholeSite.Database, "select count(*) from sale_order where client_order_ref = $1", reference);

    private async Task<RestorePriceView> PriceAsync()
    {
        using var client = site.Client();
        return await client.PostAsync<RestoreTenant, RestorePriceView>($"{Address}/price", new("checkpoint"), Token);
    }

    private Task<string> OrderAsync(RestoreTenant order) => site.OrderAsync(Address, order);

    private async Task<RestoredStateView> GoBackAsync(RestoreTenant order) =>
        (await site.DoneAsync(await OrderAsync(order))).Deserialize<RestoredStateView>(Contracts.ApiJson.Options)!;

    private const string Address = $"/api/tenants/{WholeSite.Database}/restore";
}
