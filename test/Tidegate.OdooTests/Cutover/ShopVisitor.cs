using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Cutover;

/// <summary>Somebody at a shop's host name, through the gateway, with cookies of their own. Nothing is retried.</summary>
internal sealed class ShopVisitor : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly HttpClient _http;
    private readonly string _host;

    public ShopVisitor(int gatewayPort, string host)
    {
        _host = host;
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false,
                CookieContainer = _cookies,
                // One request a connection: on a reused one .NET sends a request again when the other side closed it.
                PooledConnectionLifetime = TimeSpan.Zero,
            }
        )
        {
            BaseAddress = new Uri($"http://127.0.0.1:{gatewayPort}"),
            Timeout = TimeSpan.FromMinutes(3),
        };
    }

    /// <summary>The session's cookie, as a request carries it.</summary>
    public string SessionCookie => _cookies.GetCookieHeader(_http.BaseAddress!);

    /// <summary>Somebody else's session's cookie.</summary>
    public string Cookie
    {
        init => _cookies.SetCookies(_http.BaseAddress!, value);
    }

    /// <summary>For a visitor who comes past the gateway: what it would have said.</summary>
    public string Database
    {
        init => _http.DefaultRequestHeaders.Add("X-Tidegate-Database", value);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Logs in; the user's id.</summary>
    public async Task<int> LogInAsync(string database, string login, string password)
    {
        var answer = await PostAsync(
            "/web/session/authenticate",
            new JsonObject
            {
                ["db"] = database,
                ["login"] = login,
                ["password"] = password,
            }
        );
        var user = (int?)answer["result"]?["uid"];
        Assert.True(user > 0, answer.ToJsonString());
        return user.Value;
    }

    /// <summary>A call to a model; its result.</summary>
    public async Task<JsonNode?> CallAsync(string model, string method, JsonArray args, JsonObject? named = null)
    {
        var answer = await PostAsync(PathOf(model, method), Parameters(model, method, args, named));
        Assert.True(answer.ContainsKey("result"), answer.ToJsonString());
        return answer["result"];
    }

    /// <summary>What <see cref="OrderAsync(JsonObject)"/> sends, so that the same order can be sent again.</summary>
    public async Task<JsonObject> PrepareOrderAsync(string reference) =>
        new()
        {
            ["partner_id"] = await FirstAsync("res.partner", new JsonArray("customer_rank", ">=", 0)),
            ["client_order_ref"] = reference,
            ["order_line"] = new JsonArray(
                new JsonArray(
                    0,
                    0,
                    new JsonObject
                    {
                        ["product_id"] = await FirstAsync("product.product", new JsonArray("sale_ok", "=", true)),
                    }
                )
            ),
        };

    /// <summary>Takes an order; returns once the shop has acknowledged it.</summary>
    public Task OrderAsync(JsonObject order) => CallAsync("sale.order", "create", [order.DeepClone()]);

    /// <summary>Sends an order, and closes the connection without an answer once <paramref name="isEnough"/> says so.</summary>
    public async Task GiveUpOrderAsync(JsonObject order, Func<Task<bool>> isEnough)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var parameters = Parameters("sale.order", "create", [order.DeepClone()], named: null);
        var sent = SendAsync(HttpMethod.Post, PathOf("sale.order", "create"), Call(parameters), [], patience.Token);
        await Eventually.IsTrueAsync(isEnough, "the client's patience ends");
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sent);
    }

    /// <summary>A JSON-RPC call; the whole answer, error or result.</summary>
    public async Task<JsonObject> PostAsync(string path, JsonObject parameters)
    {
        using var response = await SendAsync(HttpMethod.Post, path, Call(parameters), [], Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.IsSuccessStatusCode, $"{path} answers {response.StatusCode}: {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, content: null, headers, Token);

    /// <summary>One request, whatever comes back.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? content,
        (string Name, string Value)[] headers,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Host = _host;
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _http.SendAsync(request, cancellationToken);
    }

    /// <summary>The body of a JSON-RPC call.</summary>
    public static HttpContent Call(JsonObject parameters) =>
        JsonContent.Create(
            new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["method"] = "call",
                ["params"] = parameters,
            }
        );

    public void Dispose() => _http.Dispose();

    private static string PathOf(string model, string method) => $"/web/dataset/call_kw/{model}/{method}";

    private static JsonObject Parameters(string model, string method, JsonArray args, JsonObject? named) =>
        new()
        {
            ["model"] = model,
            ["method"] = method,
            ["args"] = args,
            ["kwargs"] = named ?? [],
        };

    private async Task<int> FirstAsync(string model, JsonArray condition) =>
        (int)(await CallAsync(model, "search", [new JsonArray(condition)], new JsonObject { ["limit"] = 1 }))![0]!;
}
