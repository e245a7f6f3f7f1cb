using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Npgsql;
using Tidegate.Demo.Shops;
using Tidegate.Demo.Story;
using Tidegate.OdooTests.Fixtures;
using Repository = Tidegate.OdooTests.Fixtures.Repository;

namespace Tidegate.OdooTests;

/// <summary>The generator of shop data, on real Odoo databases.</summary>
[Trait("Length", "long")]
[Collection(nameof(OdooShop))]
public sealed class ShopDataTests(OdooShop shop)
{
    private const int Megabytes = 80;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Odoo_works_on_a_shop_with_years_of_trade()
    {
        await FillAsync("sized", new(Megabytes, Seed: 7));
        await using var server = await ForkServer.StartAsync(shop, "sized", "2026.11.1");

        var size = long.Parse(
            await AskAsync("sized", "SELECT pg_database_size(current_database())"),
            CultureInfo.InvariantCulture
        );
        Assert.InRange(size, Megabytes * 0.9e6, Megabytes * 1.1e6);
        Assert.Equal("0.00", await AskAsync("sized", "SELECT round(sum(balance), 2) FROM account_move_line"));
        Assert.Equal("0", await AskAsync("sized", UnevenEntries));
        Assert.True(await VerifyAttachmentsAsync("sized") > 200);

        var order = await JourneyAsync(server, "order", "sized", new JsonObject { ["login"] = "journey" });
        Assert.Equal("sale", (string?)order["state"]);
        var stock = await JourneyAsync(server, "stock", "sized", []);
        Assert.Equal("assigned", (string?)stock["state"]);
        var pos = await JourneyAsync(server, "pos", "sized", new JsonObject { ["login"] = "journey" });
        Assert.True((int)pos["records"]!["product.product"]! > 64);

        var updated = await server.AskAsync(server.Migrate("sized-update", "sized", "shop_suite"));
        Assert.True((int?)updated["exit"] == 0, updated.ToJsonString());
        Assert.Equal("0", await AskAsync("sized", UnevenEntries));
    }

    [Fact]
    public async Task A_seed_makes_the_same_shop_every_time_and_another_seed_another_one()
    {
        await FillAsync("one", new(Megabytes, Seed: 1));
        await FillAsync("again", new(Megabytes, Seed: 1));
        await FillAsync("other", new(Megabytes, Seed: 2));

        Assert.Equal(await AskAsync("one", Fingerprint), await AskAsync("again", Fingerprint));
        Assert.NotEqual(await AskAsync("one", Fingerprint), await AskAsync("other", Fingerprint));

        Assert.Contains("already", await FillAgainAsync("one", new(Megabytes, Seed: 1)), StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<StoryException>(() => FillAgainAsync("one", new(Megabytes, Seed: 2)));
        Assert.Contains("holds shop data already", refused.Message, StringComparison.Ordinal);
    }

    private async Task FillAsync(string name, ShopData data)
    {
        await shop.CopyAsync(name);
        await FillAgainAsync(name, data);
    }

    private Task<string> FillAgainAsync(string name, ShopData data) =>
        data.FillAsync(Repository.Root, shop.Cluster.Site, name, shop.At("data", "filestore", name), Token);

    private async Task<string> AskAsync(string database, string question) =>
        await shop.Cluster.ScalarAsync(database, question) ?? "";

    /// <summary>How many attachments there are. Each one's file is there and is what its name says.</summary>
    private async Task<int> VerifyAttachmentsAsync(string database)
    {
        await using var connection = await shop.Cluster.OpenAsync(database);
        await using var list = new NpgsqlCommand(
            "SELECT store_fname, checksum, file_size FROM ir_attachment WHERE store_fname IS NOT NULL",
            connection
        );
        await using var reader = await list.ExecuteReaderAsync(Token);
        var count = 0;
        while (await reader.ReadAsync(Token))
        {
            var file = await File.ReadAllBytesAsync(shop.At("data", "filestore", database, reader.GetString(0)), Token);
#pragma warning disable CA5350 // Odoo names its files so
            var name = Convert.ToHexStringLower(SHA1.HashData(file));
#pragma warning restore CA5350
            Assert.Equal(reader.GetString(1), name);
            Assert.Equal($"{name[..2]}/{name}", reader.GetString(0));
            Assert.Equal(reader.GetInt32(2), file.Length);
            count++;
        }

        return count;
    }

    private static async Task<JsonObject> JourneyAsync(
        ForkServer server,
        string name,
        string database,
        JsonObject parameters
    )
    {
        var result = await server.AskAsync(server.Journey($"{name}-{database}", name, database, parameters));
        Assert.True((int?)result["exit"] == 0, $"{name}: {result.ToJsonString()}");
        return result["value"]![name]!["came_back"]!.AsObject();
    }

    private const string UnevenEntries = """
        SELECT count(*) FROM (SELECT move_id FROM account_move_line GROUP BY move_id HAVING sum(balance) <> 0) AS uneven
        """;

    private const string Fingerprint = """
        SELECT concat_ws(' ',
            (SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM sale_order t WHERE name > 'S00012'),
            (SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM account_move_line t),
            (SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM pos_order_line t),
            (SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM stock_move t),
            (SELECT md5(string_agg(t.body, '' ORDER BY id)) FROM mail_message t),
            (SELECT md5(string_agg(t.checksum, '' ORDER BY id)) FROM ir_attachment t))
        """;
}
