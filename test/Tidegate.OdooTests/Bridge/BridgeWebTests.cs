using System.Net;
using System.Text.Json.Nodes;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Bridge;

/// <summary>What Odoo's web processes serve behind the bridge. Two tenants on one pool; the third is not served.</summary>
[Collection(nameof(OdooShop))]
public sealed class BridgeWebTests(OdooShop shop, BridgeWebTests.Pool pool) : IClassFixture<BridgeWebTests.Pool>
{
    private const string North = "north";
    private const string South = "south";

    /// <summary>One pool for all tests of the class.</summary>
    public sealed class Pool(OdooShop shop) : IAsyncLifetime
    {
        public BridgedOdoo Odoo { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await shop.CopyAsync(North);
            await shop.CopyAsync(South);
            await shop.CopyAsync("absent");
            Odoo = await BridgedOdoo.StartAsync(shop, "pool", North, South);
        }

        public ValueTask DisposeAsync() => Odoo.DisposeAsync();
    }

    private BridgedOdoo Odoo => pool.Odoo;

    [Fact]
    public async Task The_header_chooses_the_database_and_no_other_is_served()
    {
        Assert.Equal(HttpStatusCode.OK, await Odoo.StatusAsync("/web/login", North));
        Assert.Equal(HttpStatusCode.OK, await Odoo.StatusAsync("/web/login", South));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Odoo.StatusAsync("/web/login", "absent"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Odoo.StatusAsync("/web/login", "postgres"));
        Assert.Equal(HttpStatusCode.NotFound, await Odoo.StatusAsync("/web/login", database: null));
        Assert.Equal(HttpStatusCode.OK, await Odoo.StatusAsync("/web/health", database: null));
    }

    [Fact]
    public async Task A_request_that_names_another_tenants_database_is_refused()
    {
        Assert.Equal(HttpStatusCode.Forbidden, await Odoo.StatusAsync($"/web/login?db={South}", North));
        Assert.Equal(HttpStatusCode.OK, await Odoo.StatusAsync($"/web/login?db={North}", North));
        Assert.Equal(HttpStatusCode.Forbidden, await Odoo.StatusAsync("/web/login", North, ("X-Odoo-Database", South)));
        Assert.Equal(
            HttpStatusCode.Forbidden,
            await Odoo.StatusAsync("/json/2/res.users", North, ("X-Odoo-Database", South))
        );
        Assert.Equal(HttpStatusCode.NotFound, await Odoo.StatusAsync("/web/database/manager", North));
        Assert.Equal(HttpStatusCode.NotFound, await Odoo.StatusAsync("/fr//web/database/selector", North));
    }

    [Fact]
    public async Task No_rpc_service_reaches_another_tenants_database()
    {
        var uid = (int?)
            (await RpcAsync("common", "authenticate", North, "admin", OdooShop.Password, new JsonObject()))["result"];

        Assert.True(uid > 0);
        Assert.Equal(64, (int?)(await CountAsync(North, uid))["result"]);
        AssertRefused(await CountAsync(South, uid));
        AssertRefused(await RpcAsync("common", "authenticate", South, "admin", OdooShop.Password, new JsonObject()));
        AssertRefused(await RpcAsync("common", "login", South, "admin", OdooShop.Password));
        AssertRefused(await RpcAsync("db", "list"));
        AssertRefused(await RpcAsync("db", "server_version"));
        AssertRefused(await RpcAsync("db", "drop", "admin", South));
    }

    [Fact]
    public async Task A_log_in_to_another_tenants_database_is_refused()
    {
        var answer = await Odoo.CallAsync(
            "/web/session/authenticate",
            North,
            new JsonObject
            {
                ["db"] = South,
                ["login"] = "admin",
                ["password"] = OdooShop.Password,
            }
        );

        Assert.Equal("odoo.exceptions.AccessError", (string?)answer["error"]!["data"]!["name"]);
    }

    [Fact]
    public async Task Another_tenants_session_is_nobodys_and_stays_whole_where_it_belongs()
    {
        var cookie = await Odoo.LogInAsync(South, "shop");

        var answer = await SessionAsync(North, cookie);

        Assert.Equal("odoo.http.SessionExpiredException", (string?)answer["error"]!["data"]!["name"]);
        Assert.Equal("shop", (string?)(await SessionAsync(South, cookie))["result"]!["username"]);
    }

    [Fact]
    public async Task A_tenant_that_leaves_and_comes_back_finds_its_users_logged_in()
    {
        var cookie = await Odoo.LogInAsync(North, "shop");
        try
        {
            await Odoo.ServeAsync(South);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await Odoo.StatusAsync("/odoo", North, ("Cookie", cookie)));
            Assert.Equal(HttpStatusCode.OK, await Odoo.StatusAsync("/web/login", South));
        }
        finally
        {
            await Odoo.ServeAsync(North, South);
        }

        Assert.Equal("shop", (string?)(await SessionAsync(North, cookie))["result"]!["username"]);
    }

    [Fact]
    public async Task Without_a_usable_file_nothing_is_served_and_the_process_lives()
    {
        try
        {
            await Odoo.BreakFileAsync();
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await Odoo.StatusAsync("/web/login", North));
            Odoo.RemoveFile();
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await Odoo.StatusAsync("/web/login", North));
            Assert.Equal(HttpStatusCode.OK, await Odoo.StatusAsync("/web/health", database: null));
        }
        finally
        {
            await Odoo.ServeAsync(North, South);
        }

        Assert.Equal(HttpStatusCode.OK, await Odoo.StatusAsync("/web/login", North));
    }

    [Fact]
    public async Task A_copy_and_a_checkpoint_use_the_filestore_of_the_live_database()
    {
        const string copy = $"{North}__next";
        await shop.Cluster.ExecuteAsync("postgres", $"CREATE DATABASE {copy} TEMPLATE template");
        var product = await shop.Cluster.ScalarAsync(
            "template",
            "SELECT res_id FROM ir_attachment WHERE res_model = 'product.template' AND res_field = 'image_1920' AND store_fname IS NOT NULL LIMIT 1"
        );
        try
        {
            await Odoo.ServeAsync(North, South, copy);
            var cookie = await Odoo.LogInAsync(copy, "admin");
            using var image = await Odoo.GetAsync(
                $"/web/image/product.template/{product}/image_1920",
                copy,
                ("Cookie", cookie)
            );

            Assert.Equal("image/png", image.Content.Headers.ContentType?.MediaType);
            Assert.False(Directory.Exists(shop.At("data", "filestore", copy)));
        }
        finally
        {
            await Odoo.ServeAsync(North, South);
        }
    }

    [Fact]
    public void Python_of_the_tenants_modules_is_there_before_the_first_request() =>
        Assert.Matches(@"Python of \d\d modules preloaded", Odoo.Process.ReadLog());

    private Task<JsonObject> RpcAsync(string service, string method, params JsonNode?[] arguments) =>
        Odoo.CallAsync(
            "/jsonrpc",
            North,
            new JsonObject
            {
                ["service"] = service,
                ["method"] = method,
                ["args"] = new JsonArray(arguments),
            }
        );

    private Task<JsonObject> CountAsync(string database, int? uid) =>
        RpcAsync(
            "object",
            "execute_kw",
            database,
            uid,
            OdooShop.Password,
            "product.product",
            "search_count",
            new JsonArray(new JsonArray(new JsonArray("default_code", "like", "TG-")))
        );

    private Task<JsonObject> SessionAsync(string database, string cookie) =>
        Odoo.CallAsync("/web/session/get_session_info", database, [], ("Cookie", cookie));

    private static void AssertRefused(JsonObject answer) =>
        Assert.Equal("odoo.exceptions.AccessDenied", (string?)answer["error"]?["data"]?["name"]);
}
