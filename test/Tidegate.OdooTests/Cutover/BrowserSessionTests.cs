using System.Net;
using System.Text.Json.Nodes;

namespace Tidegate.OdooTests.Cutover;

/// <summary>Somebody at a browser, logged in, looks at pages and pictures all the while.</summary>
[Trait("Length", "long")]
[Collection(nameof(WholeSite))]
public sealed class BrowserSessionTests(WholeSite site)
{
    // One pixel; Odoo keeps it as a file of the filestore.
    private const string Pixel =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_is_logged_in_stays_so_and_sees_their_pictures_across_a_cutover_and_a_way_back()
    {
        using var visitor = new ShopVisitor(site.GatewayPort, WholeSite.Host);
        var user = await visitor.LogInAsync(WholeSite.Database, "shop", site.ShopPassword);
        await visitor.CallAsync("res.users", "write", [new JsonArray(user), new JsonObject { ["image_1920"] = Pixel }]);
        Assert.Equal("t", await IsInFilestoreAsync());
        var picture = await PictureAsync(visitor, user);

        var forward = await site.StartAsync(await site.NextReleaseAsync());
        await LookAsync(visitor, user, picture, forward);
        Assert.Equal("completed", (await site.EndAsync(forward)).Outcome);

        await using (var gates = await StepGates.ShutAsync(site, "verify"))
        {
            var bad = await site.StartAsync(await site.NextReleaseAsync());
            var looks = LookAsync(visitor, user, picture, bad);
            await gates.ReachedAsync("verify");
            await site.ScalarAsync(WholeSite.Database, "update product_template set list_price = list_price * 2");
            await gates.OpenAsync("verify");
            Assert.Equal("rolled_back", (await site.EndAsync(bad)).Outcome);
            await looks;
        }
    }

    /// <summary>Until the rollout has ended, and once more after it.</summary>
    private async Task LookAsync(ShopVisitor visitor, int user, byte[] picture, string rollout)
    {
        bool isOver;
        do
        {
            isOver = (await site.FindAsync(rollout)).State is "ended";
            using var page = await visitor.GetAsync("/odoo");
            Assert.Equal(HttpStatusCode.OK, page.StatusCode); // a visitor who is not logged in is sent to the log-in page
            var session = await visitor.PostAsync("/web/session/get_session_info", []);
            Assert.Equal(user, (int?)session["result"]?["uid"]);
            Assert.Equal(picture, await PictureAsync(visitor, user));
        } while (!isOver);
    }

    private static async Task<byte[]> PictureAsync(ShopVisitor visitor, int user)
    {
        using var response = await visitor.GetAsync($"/web/image/res.users/{user}/image_1920");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("image/png", response.Content.Headers.ContentType?.MediaType);
        return await response.Content.ReadAsByteArrayAsync(Token);
    }

    private Task<string?> IsInFilestoreAsync() =>
        site.ScalarAsync(
            WholeSite.Database,
            """
            select case when a.store_fname is not null then 't' else 'f' end
              from ir_attachment a join res_users u on u.partner_id = a.res_id
             where a.res_model = 'res.partner' and a.res_field = 'image_1920' and u.login = 'shop'
            """
        );
}
