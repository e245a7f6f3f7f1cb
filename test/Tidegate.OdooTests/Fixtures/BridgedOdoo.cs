using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Tidegate.OdooTests.Fixtures;

/// <summary>Odoo's web processes behind the bridge, with the file that says what they serve.</summary>
public sealed class BridgedOdoo : IAsyncDisposable
{
    private readonly string _file;
    private readonly HttpClient _client;

    private BridgedOdoo(OdooProcess process, string file, int port)
    {
        Process = process;
        _file = file;
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
        };
    }

    public OdooProcess Process { get; }

    /// <summary>Two workers and the evented process, as a generation runs them, and waits until they answer.</summary>
    public static async Task<BridgedOdoo> StartAsync(OdooShop shop, string name, params string[] served)
    {
        var file = shop.At($"{name}-bridge.json");
        await ServedFile.WriteAsync(file, served, []);
        int port = FreePort.Find(),
            evented = FreePort.Find();
        var process = OdooProcess.Start(
            shop,
            $"{name}.log",
            [
                shop.Odoo.Program,
                "--config",
                await shop.ConfigureAsync("2026.11.1"),
                "--workers",
                "2",
                "--max-cron-threads",
                "0",
                "--http-port",
                $"{port}",
                "--gevent-port",
                $"{evented}",
            ],
            ("TIDEGATE_BRIDGE_FILE", file),
            ("TIDEGATE_PRELOAD", await shop.ListModulesAsync())
        );
        var odoo = new BridgedOdoo(process, file, port);
        await Eventually.IsTrueAsync(odoo.IsHealthyAsync, "Odoo answers");
        return odoo;
    }

    /// <summary>Replaces the list of served databases as the control plane does.</summary>
    public Task ServeAsync(params string[] databases) => ServedFile.WriteAsync(_file, databases, []);

    /// <summary>Puts something in the file's place that is no list.</summary>
    public Task BreakFileAsync() => ServedFile.ReplaceAsync(_file, "{ this is");

    public void RemoveFile() => File.Delete(_file);

    /// <summary>A request as the gateway forwards it; without a database, as a stray client sends it.</summary>
    public async Task<HttpResponseMessage> GetAsync(
        string path,
        string? database,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        AddHeaders(request, database, headers);
        return await _client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<HttpStatusCode> StatusAsync(
        string path,
        string? database,
        params (string Name, string Value)[] headers
    )
    {
        using var response = await GetAsync(path, database, headers);
        return response.StatusCode;
    }

    /// <summary>A JSON-RPC call; the whole answer, error or result.</summary>
    public async Task<JsonObject> CallAsync(
        string path,
        string database,
        JsonObject parameters,
        params (string Name, string Value)[] headers
    )
    {
        using var response = await PostAsync(path, database, parameters, headers);
        return (await response.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!;
    }

    /// <summary>Logs in and gives the session's cookie: the last one, as Odoo sets one before and one after it.</summary>
    public async Task<string> LogInAsync(string database, string login)
    {
        var credentials = new JsonObject
        {
            ["db"] = database,
            ["login"] = login,
            ["password"] = OdooShop.Password,
        };
        using var response = await PostAsync("/web/session/authenticate", database, credentials);
        var answer = await response.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken);
        Assert.True((int?)answer!["result"]?["uid"] > 0, answer.ToJsonString());
        return response
            .Headers.GetValues("Set-Cookie")
            .Last(cookie => cookie.StartsWith("session_id", StringComparison.Ordinal))
            .Split(';')[0];
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Process.DisposeAsync();
    }

    private async Task<HttpResponseMessage> PostAsync(
        string path,
        string database,
        JsonObject parameters,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        AddHeaders(request, database, headers);
        var call = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["method"] = "call",
            ["params"] = parameters,
        };
        request.Content = JsonContent.Create(call);
        return await _client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static void AddHeaders(HttpRequestMessage request, string? database, (string Name, string Value)[] headers)
    {
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        if (database is not null)
        {
            request.Headers.Add("X-Tidegate-Database", database);
        }
    }

    private async Task<bool> IsHealthyAsync()
    {
        Assert.False(Process.HasEnded, "Odoo ended");
        try
        {
            return await StatusAsync("/web/health", database: null) == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
    }
}
