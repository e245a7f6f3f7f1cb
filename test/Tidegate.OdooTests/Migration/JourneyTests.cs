using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Migration;

[Collection(nameof(OdooShop))]
public sealed class JourneyTests(OdooShop shop)
{
    [Fact]
    public async Task Journeys_answer_and_no_table_shows_that_they_were_made()
    {
        var database = await shop.CopyAsync("journeys");
        await using var server = await ForkServer.StartAsync(shop, "journeys", "2026.11.1");
        var before = await HashOfEveryTableAsync(database);

        var made = await server.AskAsync(
            server.Journeys(
                "journeys",
                database,
                new JsonObject
                {
                    ["prices"] = Prices(),
                    ["order"] = new JsonObject { ["login"] = "journey" },
                    ["stock"] = new JsonObject(),
                    ["pos"] = new JsonObject { ["login"] = "journey" },
                }
            )
        );

        Assert.True((int?)made["exit"] == 0, made.ToJsonString());
        Assert.Equal(before, await HashOfEveryTableAsync(database));
        var (prices, order, stock, pos) = (
            CameBack(made, "prices"),
            CameBack(made, "order"),
            CameBack(made, "stock"),
            CameBack(made, "pos")
        );
        Assert.Equal(50 * 3 * 2 * 2, prices["rows"]!.AsArray().Count);
        Assert.Equal("sale", (string?)order["state"]);
        Assert.Equal("assigned", (string?)order["deliveries"]![0]);
        Assert.Equal("assigned", (string?)stock["state"]);
        Assert.Equal("opening_control", (string?)pos["state"]);
        Assert.True((int)pos["records"]!["product.product"]! >= 64);
    }

    [Fact]
    public async Task Prices_of_one_tenant_differ_between_releases_only_where_the_release_changed_them()
    {
        var database = await shop.CopyAsync("priced");
        await using var old = await ForkServer.StartAsync(shop, "priced-old", "2026.11.1");
        var before = await JourneyAsync(old, "prices", database, Prices());
        var again = await JourneyAsync(old, "prices", database, Prices());

        await using var wrong = await ForkServer.StartAsync(shop, "priced-new", "2026.11.5");
        var migrated = await wrong.AskAsync(wrong.Migrate("priced-migrate", database, "shop_suite"));
        var after = await JourneyAsync(wrong, "prices", database, Prices());

        Assert.Equal(0, (int?)migrated["exit"]);
        Assert.True(JsonNode.DeepEquals(before, again));
        Assert.False(JsonNode.DeepEquals(before, after));
    }

    [Fact]
    public async Task A_journey_that_cannot_be_made_says_why_and_spoils_no_other()
    {
        var database = await shop.CopyAsync("astray");
        await using var server = await ForkServer.StartAsync(shop, "astray", "2026.11.1", preload: false);

        var nobody = await server.AskAsync(
            server.Journeys(
                "astray-1",
                database,
                new JsonObject
                {
                    ["order"] = new JsonObject { ["login"] = "nobody" },
                    ["stock"] = new JsonObject(),
                }
            )
        );
        var superuser = await server.AskAsync(server.Journey("astray-2", "pos", database, []));
        await shop.Cluster.ExecuteAsync(
            database,
            "UPDATE ir_module_module SET state = 'to upgrade' WHERE name = 'shop_suite'"
        );
        var unsettled = await server.AskAsync(server.Journey("astray-3", "order", database, []));

        Assert.All([nobody, superuser, unsettled], result => Assert.Equal(1, (int?)result["exit"]));
        Assert.Contains("nobody", Error(nobody, "order"), StringComparison.Ordinal);
        Assert.Equal("assigned", (string?)CameBack(nobody, "stock")["state"]);
        Assert.Contains("\"login\"", Error(superuser, "pos"), StringComparison.Ordinal);
        Assert.Contains("in the middle of an update", Error(unsettled, "order"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("commits", "self.env.cr.commit()", "LeavesTrace: the flow commits its transaction")]
    [InlineData(
        "calls-out",
        "__import__('urllib.request').request.urlopen('http://127.0.0.1:9/')",
        "LeavesTrace: the flow calls out to ('127.0.0.1', 9)"
    )]
    public async Task A_flow_that_would_leave_a_trace_is_stopped(string name, string body, string reason)
    {
        var database = await shop.CopyAsync(name);
        var release = await StoryRelease.WithConfirmationAsync(shop, name, body);
        await using var server = await ForkServer.StartAsync(shop, name, release, preload: false);
        var before = await OrdersAsync(database);

        var result = await server.AskAsync(server.Journey(name, "order", database, []));

        Assert.Equal(1, (int?)result["exit"]);
        Assert.Equal(reason, Error(result, "order"));
        Assert.Equal(before, await OrdersAsync(database));
    }

    private Task<string?> OrdersAsync(string database) =>
        shop.Cluster.ScalarAsync(database, "SELECT md5(string_agg(o::text, ',' ORDER BY id)) FROM sale_order o");

    private static async Task<JsonObject> JourneyAsync(
        ForkServer server,
        string name,
        string database,
        JsonObject parameters
    )
    {
        var id = $"{name}-{database}-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";
        var result = await server.AskAsync(server.Journey(id, name, database, parameters));
        Assert.True((int?)result["exit"] == 0, $"{name}: {result.ToJsonString()}");
        return CameBack(result, name);
    }

    private static JsonObject CameBack(JsonObject result, string journey) =>
        result["value"]![journey]!["came_back"]!.AsObject();

    private static string? Error(JsonObject result, string journey) => (string?)result["value"]![journey]!["error"];

    private static JsonObject Prices() =>
        new()
        {
            ["products"] = 50,
            ["quantities"] = new JsonArray(1, 10),
            ["dates"] = new JsonArray("2026-11-20", "2026-12-24"),
        };

    private async Task<string> HashOfEveryTableAsync(string database)
    {
        var hashes = new StringBuilder();
        await using var connection = await shop.Cluster.OpenAsync(database);
        var tables = new List<string>();
        await using (var list = new NpgsqlCommand(Tables, connection))
        await using (var reader = await list.ExecuteReaderAsync(TestContext.Current.CancellationToken))
        {
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            {
                tables.Add(reader.GetString(0));
            }
        }

        foreach (var table in tables)
        {
            await using var hash = new NpgsqlCommand(
                $"SELECT md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')) FROM {table} t",
                connection
            );
            hashes.AppendLine($"{table} {await hash.ExecuteScalarAsync(TestContext.Current.CancellationToken)}");
        }

        return hashes.ToString();
    }

    private const string Tables =
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1";
}
