using System.Text.Json.Nodes;

namespace Tidegate.OdooTests.Cutover;

/// <summary>
/// A shop goes back, sells meanwhile, and moves a second time. What its migration makes then has other ids than the
/// first time: whoever remembers the first attempt's answers wrongly.
/// </summary>
[Trait("Length", "long")]
[Collection(nameof(WholeSite))]
public sealed class SecondAttemptTests(WholeSite site)
{
    private const int Orders = 3;

    // An order with an xml-id, and a default value that is remembered per model.
    private const string MakeMarker =
        "from odoo import api, SUPERUSER_ID; env = api.Environment(cr, SUPERUSER_ID, {}); "
        + "order = env['sale.order'].create({'partner_id': env.ref('base.main_partner').id}); "
        + "env['ir.model.data'].create({'module': 'shop_suite', 'name': 'test_marker', 'model': 'sale.order', 'res_id': order.id, 'noupdate': True}); "
        + "env['ir.default'].set('sale.order', 'client_order_ref', 'marker %s' % order.id)";

    private const string FindMarker =
        "select res_id::text from ir_model_data where module = 'shop_suite' and name = 'test_marker'";

    [Fact]
    public async Task The_same_processes_that_served_a_failed_attempt_serve_the_second_one_as_it_is()
    {
        await ForgetMarkerAsync();
        var release = await site.NextReleaseAsync(MakeMarker);
        var generation = await Generation.OfAsync(site, release);
        string first;
        int web;
        await using (var gates = await StepGates.ShutAsync(site, "verify"))
        {
            var attempt = await site.StartAsync(release);
            await gates.ReachedAsync("verify");
            web = generation.Web;
            generation.KeepForNeighbour();
            first = await MarkerAsync();
            using (var early = new ShopVisitor(generation.HttpPort, WholeSite.Host) { Database = WholeSite.Database })
            {
                await early.LogInAsync(WholeSite.Database, "shop", site.ShopPassword);
                await AssertMarkerAsync(early, first);
            }

            await site.ScalarAsync(WholeSite.Database, "update product_template set list_price = list_price * 2");
            await gates.OpenAsync("verify");
            Assert.Equal("rolled_back", (await site.EndAsync(attempt)).Outcome);
        }

        await SellAsync();
        var view = await site.EndAsync(await site.StartAsync(release));

        Assert.True(view.Outcome is "completed", $"{view.Outcome}: {view.Reason}");
        Assert.Equal(web, generation.Web);
        await AssertSecondMarkerAsync(first);
        generation.ForgetNeighbour();
        await Leftovers.AssertNoneAsync(site);
    }

    [Fact]
    public async Task Another_release_after_one_whose_migration_raised_serves_what_its_own_migration_made()
    {
        await ForgetMarkerAsync();
        var raises = await site.NextReleaseAsync(
            $"{MakeMarker}; raise ValueError('marker %s and then it fails on purpose' % order.id)"
        );
        var failed = await site.EndAsync(await site.StartAsync(raises));
        Assert.Equal("rolled_back", failed.Outcome);
        var first = failed.Reason!.Split("marker ")[1].Split(' ')[0];

        await SellAsync();
        var view = await site.EndAsync(await site.StartAsync(await site.NextReleaseAsync(MakeMarker)));

        Assert.True(view.Outcome is "completed", $"{view.Outcome}: {view.Reason}");
        await AssertSecondMarkerAsync(first);
        await Leftovers.AssertNoneAsync(site);
    }

    /// <summary>Orders on the old release: they take the ids that the first attempt's records had.</summary>
    private async Task SellAsync()
    {
        using var visitor = new ShopVisitor(site.GatewayPort, WholeSite.Host);
        await visitor.LogInAsync(WholeSite.Database, "shop", site.ShopPassword);
        for (var order = 0; order < Orders; order++)
        {
            await visitor.OrderAsync(await visitor.PrepareOrderAsync($"between {order}"));
        }
    }

    private async Task AssertSecondMarkerAsync(string first)
    {
        var second = await MarkerAsync();
        Assert.NotEqual(first, second); // else nothing could be stale
        Assert.Equal(
            "1",
            await site.ScalarAsync(WholeSite.Database, $"select count(*) from sale_order where id = {first}")
        );
        using var visitor = new ShopVisitor(site.GatewayPort, WholeSite.Host);
        await visitor.LogInAsync(WholeSite.Database, "shop", site.ShopPassword);
        await AssertMarkerAsync(visitor, second);
    }

    /// <summary>Asked so often, and so many at a time, that every worker answers.</summary>
    private static async Task AssertMarkerAsync(ShopVisitor visitor, string marker)
    {
        var order = int.Parse(marker, System.Globalization.CultureInfo.InvariantCulture);
        for (var round = 0; round < 4; round++)
        {
            var found = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AskAsync(visitor)));
            Assert.All(found, answer => Assert.Equal((order, $"marker {order}"), answer));
        }
    }

    private static async Task<(int Order, string? Reference)> AskAsync(ShopVisitor visitor)
    {
        var found = await visitor.CallAsync("ir.model.data", "check_object_reference", ["shop_suite", "test_marker"]);
        var defaults = await visitor.CallAsync("sale.order", "default_get", [new JsonArray("client_order_ref")]);
        return ((int)found![1]!, (string?)defaults!["client_order_ref"]);
    }

    private async Task<string> MarkerAsync() => (await site.ScalarAsync(WholeSite.Database, FindMarker))!;

    /// <summary>Of the test before, as if it had never been: its processes remember nothing of this shop.</summary>
    private async Task ForgetMarkerAsync()
    {
        await site.ScalarAsync(
            WholeSite.Database,
            """
            with gone as (delete from ir_model_data where module = 'shop_suite' and name = 'test_marker')
            delete from ir_default where field_id in
                (select id from ir_model_fields where model = 'sale.order' and name = 'client_order_ref')
            """
        );
    }
}
