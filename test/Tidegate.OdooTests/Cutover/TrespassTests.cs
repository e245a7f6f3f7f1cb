using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidegate.Contracts.Gateway;
using Tidegate.Drivers.Ingress;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Cutover;

/// <summary>
/// One shop's host and log-in with the other's database, in every form in which Odoo lets a request name one. Both
/// shops are served by the same processes, and both know the user and the password.
/// </summary>
[Collection(nameof(TwoShops))]
public sealed class TrespassTests(TwoShops site)
{
    private const string Own = WholeSite.Database;
    private const string Foreign = TwoShops.NeighbourDatabase;

    private static readonly Dictionary<string, object> Order = new(StringComparer.Ordinal)
    {
        ["partner_id"] = 1,
        ["client_order_ref"] = "trespasser",
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_request_at_one_shops_host_reaches_the_others_database()
    {
        using var visitor = new ShopVisitor(site.GatewayPort, WholeSite.Host);
        var user = await visitor.LogInAsync(Own, "shop", site.ShopPassword);

        AssertNone(await PassedAsync(visitor, Forms(Foreign, user), HttpStatusCode.OK));
        AssertNone(await OthersAsync(visitor, Forms(Foreign, user), HttpStatusCode.Forbidden));
        Assert.Equal("0", await TrespassersAsync(Foreign));

        // Each form is a real one: at its own host it is served.
        using var neighbour = new ShopVisitor(site.GatewayPort, TwoShops.NeighbourHost);
        var served = Forms(Foreign, user).Where(form => !form.IsClosedToAll);
        AssertNone(await OthersAsync(neighbour, served, HttpStatusCode.OK, HttpStatusCode.SeeOther));
        Assert.NotEqual("0", await TrespassersAsync(Foreign));
        await ForgetTrespassersAsync();
    }

    [Fact]
    public async Task A_header_cannot_choose_another_shop()
    {
        using var visitor = new ShopVisitor(site.GatewayPort, WholeSite.Host);
        await visitor.LogInAsync(Own, "shop", site.ShopPassword);

        foreach (var name in new[] { "X-Tidegate-Database", "x_tidegate_database", "X-Tidegate_Database" })
        {
            Assert.Equal(Own, await DatabaseSeenAsync(visitor, (name, Foreign)));
        }

        foreach (var name in new[] { "X-Odoo-Database", "X_Odoo_Database" })
        {
            using var response = await SessionAsync(visitor, (name, Foreign));
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_session_of_one_shop_is_nobodys_at_the_other_and_stays_whole()
    {
        using var neighbour = new ShopVisitor(site.GatewayPort, TwoShops.NeighbourHost);
        var user = await neighbour.LogInAsync(Foreign, "shop", site.ShopPassword);
        using var thief = new ShopVisitor(site.GatewayPort, WholeSite.Host) { Cookie = neighbour.SessionCookie };

        using (var answer = await SessionAsync(thief))
        {
            var text = await answer.Content.ReadAsStringAsync(Token);
            Assert.DoesNotContain(Foreign, text, StringComparison.Ordinal);
            Assert.DoesNotContain("\"username\"", text, StringComparison.Ordinal);
        }

        using (var page = await thief.GetAsync("/odoo"))
        {
            Assert.NotEqual(HttpStatusCode.OK, page.StatusCode);
        }

        // A stranger may open one, to the shop of the host.
        await HandshakeAsync(WholeSite.Host, "/websocket?version=19.0-2", [$"Cookie: {neighbour.SessionCookie}"]);

        var session = await neighbour.PostAsync("/web/session/get_session_info", []);
        Assert.Equal(user, (int?)session["result"]?["uid"]);
        Assert.Equal(Foreign, (string?)session["result"]?["db"]);
    }

    [Theory]
    [InlineData("/websocket?version=19.0-2&db=shop-lisbon", null)]
    [InlineData("/websocket?version=19.0-2", "X-Odoo-Database: shop-lisbon")]
    public async Task A_websocket_cannot_be_opened_to_the_other_shop(string path, string? header)
    {
        Assert.Equal(403, await HandshakeAsync(WholeSite.Host, path, [header]));
        Assert.Equal(101, await HandshakeAsync(TwoShops.NeighbourHost, path, [header]));
    }

    [Fact]
    [Trait("Length", "long")]
    public async Task A_shops_hold_cannot_be_passed_by_naming_it_at_the_others_host()
    {
        var release = await site.NextReleaseAsync();
        await using var gates = await StepGates.ShutAsync(site, "copy", "migrate", "verify");
        var rollout = await site.StartAsync(release);

        // The shops move one after the other: the first is held, and the other one's visitors try.
        await gates.ReachedAsync("copy");
        var held = (await StatusesAsync()).Single(shop => shop.State is GateState.Holding).Tenant;
        var free = held == Own ? Foreign : Own;
        using var visitor = new ShopVisitor(site.GatewayPort, HostOf(free));
        var user = await visitor.LogInAsync(free, "shop", site.ShopPassword);
        foreach (var step in new[] { "copy", "migrate", "verify" })
        {
            await gates.ReachedAsync(step);
            using var customer = new ShopVisitor(site.GatewayPort, HostOf(held));
            var waits = customer.GetAsync("/web/login");
            await Eventually.IsTrueAsync(async () => await HeldAsync(held) > 0, "the held shop's own customers wait");
            AssertNone(await OthersAsync(visitor, Forms(held, user), HttpStatusCode.Forbidden));
            Assert.Equal(free, await DatabaseSeenAsync(visitor, ("X-Tidegate-Database", held)));
            Assert.Equal(403, await HandshakeAsync(HostOf(free), $"/websocket?version=19.0-2&db={held}", []));
            Assert.False(waits.IsCompleted, "the held shop's own customer still waits");
            await gates.OpenAsync(step);
            if (step == "verify")
            {
                using var page = await waits;
                Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            }
        }

        var view = await site.EndAsync(rollout);
        Assert.True(view.Outcome is "completed", $"{view.Outcome}: {view.Reason}");
        Assert.Equal("0", await TrespassersAsync(held));
    }

    private static void AssertNone(List<string> answers) => Assert.True(answers is [], string.Join('\n', answers));

    private static string HostOf(string shop) => $"{shop}.localhost";

    private async Task<int> HeldAsync(string shop) =>
        (await StatusesAsync()).Single(status => status.Tenant == shop).Held;

    private async Task<IReadOnlyList<GatewayTenantStatus>> StatusesAsync()
    {
        using var gateway = new GatewayClient(site.Layout.GatewaySocket);
        return await gateway.ListAsync(Token);
    }

    /// <summary>Answers whose status is one of these, with what they said.</summary>
    private static Task<List<string>> PassedAsync(
        ShopVisitor visitor,
        IEnumerable<Form> forms,
        params HttpStatusCode[] which
    ) => SortAsync(visitor, forms, which.Contains);

    /// <summary>Answers whose status is none of these, with what they said; a fault inside a good answer is none either.</summary>
    private static Task<List<string>> OthersAsync(
        ShopVisitor visitor,
        IEnumerable<Form> forms,
        params HttpStatusCode[] than
    ) => SortAsync(visitor, forms, status => !than.Contains(status));

    private static async Task<List<string>> SortAsync(
        ShopVisitor visitor,
        IEnumerable<Form> forms,
        Func<HttpStatusCode, bool> isWanted
    )
    {
        var found = new List<string>();
        foreach (var form in forms)
        {
            using var response = await visitor.SendAsync(form.Method, form.Path, form.Body?.Invoke(), [], Token);
            var text = await response.Content.ReadAsStringAsync(Token);
            var status =
                response.IsSuccessStatusCode && (text.Contains("<fault>") || text.Contains("\"error\":"))
                    ? HttpStatusCode.InternalServerError
                    : response.StatusCode;
            if (isWanted(status))
            {
                found.Add($"{form.Name}: {status} {text[..Math.Min(300, text.Length)]}");
            }
        }

        return found;
    }

    /// <summary>Every form in which a request names a database. Those that write leave an order with the reference "trespasser".</summary>
    private IEnumerable<Form> Forms(string database, int user)
    {
        var password = site.ShopPassword;
        foreach (var page in new[] { "/web", "/web/login", "/odoo", "/web/health", "/" })
        {
            yield return Form.Get($"{page}?db={database}");
        }

        yield return Form.Get($"/web/login?%64b={database}");
        yield return Form.Get($"/web/login?db=&db={database}&db=neither") with
        {
            IsClosedToAll = true,
        };
        yield return Form.Json(
            "/web/session/authenticate",
            new()
            {
                ["db"] = database,
                ["login"] = "shop",
                ["password"] = password,
            }
        );
        yield return new(
            HttpMethod.Post,
            "/web/login",
            () => new FormUrlEncodedContent([new("db", database), new("login", "shop"), new("password", password)])
        )
        {
            IsClosedToAll = true, // without its token the form is no log-in
        };
        foreach (var (service, method, arguments) in Calls(database, user, password))
        {
            yield return Form.Json(
                "/jsonrpc",
                new()
                {
                    ["service"] = service,
                    ["method"] = method,
                    ["args"] = JsonSerializer.SerializeToNode(arguments),
                }
            ) with
            {
                Name = $"/jsonrpc {service}.{method}",
            };
            foreach (var root in new[] { "/xmlrpc", "/xmlrpc/2" })
            {
                yield return Form.Xml($"{root}/{service}", method, arguments);
            }
        }

        yield return Form.Json("/jsonrpc", Execute(database, user, password)) with
        {
            Name = "/jsonrpc execute_kw",
        };
        yield return Form.Get("/web/database/selector") with
        {
            IsClosedToAll = true,
        };
        yield return Form.Xml("/xmlrpc/2/db", "list", []) with
        {
            IsClosedToAll = true,
        };
        yield return Form.Json(
            "/jsonrpc",
            new()
            {
                ["service"] = "db",
                ["method"] = "list",
                ["args"] = new JsonArray(),
            }
        ) with
        {
            Name = "/jsonrpc db.list",
            IsClosedToAll = true,
        };
    }

    private static IEnumerable<(string Service, string Method, object[] Arguments)> Calls(
        string database,
        int user,
        string password
    ) =>
        [
            ("common", "login", [database, "shop", password]),
            ("object", "execute", [database, user, password, "sale.order", "create", Order]),
            ("object", "execute", [database, user, password, "sale.order", "search_count", Array.Empty<object>()]),
        ];

    private static JsonObject Execute(string database, int user, string password) =>
        new()
        {
            ["service"] = "object",
            ["method"] = "execute_kw",
            ["args"] = JsonSerializer.SerializeToNode<object[]>([
                database,
                user,
                password,
                "sale.order",
                "create",
                (object[])[Order],
            ]),
        };

    private Task<string?> TrespassersAsync(string shop) =>
        site.ScalarAsync(shop, "select count(*) from sale_order where client_order_ref = 'trespasser'");

    private Task<string?> ForgetTrespassersAsync() =>
        site.ScalarAsync(Foreign, "delete from sale_order where client_order_ref = 'trespasser'");

    private static async Task<string?> DatabaseSeenAsync(ShopVisitor visitor, (string Name, string Value) header)
    {
        using var response = await SessionAsync(visitor, header);
        return (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))?["result"]?["db"];
    }

    private static Task<HttpResponseMessage> SessionAsync(
        ShopVisitor visitor,
        params (string Name, string Value)[] headers
    ) => visitor.SendAsync(HttpMethod.Post, "/web/session/get_session_info", ShopVisitor.Call([]), headers, Token);

    /// <summary>The status with which a websocket's handshake is answered.</summary>
    private async Task<int> HandshakeAsync(string host, string path, IEnumerable<string?> headers)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, site.GatewayPort, Token);
        await using var stream = new NetworkStream(socket);
        string[] lines =
        [
            $"GET {path} HTTP/1.1",
            $"Host: {host}",
            $"Origin: http://{host}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            .. headers.OfType<string>(),
            "",
            "",
        ];
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", lines)), Token);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var status = await reader.ReadLineAsync(Token);
        return int.Parse(status!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>A request that names a database.</summary>
    private sealed record Form(HttpMethod Method, string Path, Func<HttpContent>? Body)
    {
        public string Name { get; init; } = $"{Method} {Path}";

        /// <summary>No shop's host serves it, its own neither.</summary>
        public bool IsClosedToAll { get; init; }

        public static Form Get(string path) => new(HttpMethod.Get, path, null);

        public static Form Json(string path, JsonObject parameters) =>
            new(HttpMethod.Post, path, () => ShopVisitor.Call(parameters.DeepClone().AsObject()));

        public static Form Xml(string path, string method, object[] arguments)
        {
            var parameters = string.Concat(arguments.Select(each => $"<param>{Value(each)}</param>"));
            var call =
                $"<?xml version=\"1.0\"?><methodCall><methodName>{method}</methodName><params>{parameters}</params></methodCall>";
            return new(HttpMethod.Post, path, () => new StringContent(call, Encoding.UTF8, "text/xml"))
            {
                Name = $"{path} {method} {arguments.ElementAtOrDefault(4)}",
            };
        }

        private static string Value(object value)
        {
            var inner = value switch
            {
                int number => $"<int>{number}</int>",
                Dictionary<string, object> members =>
                    $"<struct>{string.Concat(members.Select(each => $"<member><name>{each.Key}</name>{Value(each.Value)}</member>"))}</struct>",
                object[] items => $"<array><data>{string.Concat(items.Select(Value))}</data></array>",
                _ => $"<string>{value}</string>",
            };
            return $"<value>{inner}</value>";
        }
    }
}
