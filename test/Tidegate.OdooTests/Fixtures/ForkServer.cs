using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tidegate.OdooTests.Fixtures;

/// <summary>A running fork server (<c>bridge/forkserver</c>) and how to ask it.</summary>
public sealed class ForkServer : IAsyncDisposable
{
    private readonly OdooShop _shop;
    private readonly string _socket;

    private ForkServer(OdooShop shop, OdooProcess process, string socket)
    {
        _shop = shop;
        Process = process;
        _socket = socket;
    }

    public OdooProcess Process { get; }

    /// <summary>Starts one on a release of the story and waits until it answers.</summary>
    public static async Task<ForkServer> StartAsync(OdooShop shop, string name, string release, bool preload = true)
    {
        var socket = shop.At($"{name}.sock");
        IReadOnlyList<string> preloaded = preload ? ["--preload", await shop.ListModulesAsync()] : [];
        var process = OdooProcess.Start(
            shop,
            $"{name}.log",
            [
                Path.Combine(shop.Bridge, "forkserver", "tidegate_forkserver.py"),
                "--socket",
                socket,
                "--config",
                await shop.ConfigureAsync(release),
                .. preloaded,
            ]
        );
        var server = new ForkServer(shop, process, socket);
        await Eventually.IsTrueAsync(server.AnswersAsync, "the fork server answers");
        return server;
    }

    /// <summary>Sends one request on a connection of its own and waits for its answer.</summary>
    public async Task<JsonObject> AskAsync(JsonObject request)
    {
        using var connection = await SendAsync(request);
        await using var stream = new NetworkStream(connection);
        using var reader = new StreamReader(stream);
        var line = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.True(line is not null, "the fork server hung up");
        return JsonNode.Parse(line)!.AsObject();
    }

    /// <summary>Sends one request; whoever asked reads, or hangs up.</summary>
    public async Task<Socket> SendAsync(JsonObject request)
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await connection.ConnectAsync(new UnixDomainSocketEndPoint(_socket), TestContext.Current.CancellationToken);
        var line = JsonSerializer.SerializeToUtf8Bytes(request);
        await connection.SendAsync((byte[])[.. line, (byte)'\n'], TestContext.Current.CancellationToken);
        return connection;
    }

    /// <summary>A request to update modules; its log is <c>{id}.log</c> and its result <c>{id}.json</c> in the tests' folder.</summary>
    public JsonObject Migrate(string id, string database, params string[] modules) =>
        Job(
            "migrate",
            id,
            database,
            new JsonObject { ["modules"] = new JsonArray([.. modules.Select(module => (JsonNode)module)]) }
        );

    /// <summary>A request for one journey.</summary>
    public JsonObject Journey(string id, string name, string database, JsonObject parameters) =>
        Journeys(id, database, new JsonObject { [name] = parameters });

    /// <summary>A request for journeys: their names, and what each needs to know.</summary>
    public JsonObject Journeys(string id, string database, JsonObject journeys) =>
        Job("journeys", id, database, new JsonObject { ["journeys"] = journeys });

    /// <summary>The process of a running job.</summary>
    public async Task<int> ChildOfAsync(string id)
    {
        var jobs = (await AskAsync(new JsonObject { ["op"] = "list" }))["jobs"]!.AsArray();
        return jobs.Where(job => (string)job!["id"]! == id).Select(job => (int)job!["pid"]!).SingleOrDefault();
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private JsonObject Job(string op, string id, string database, JsonObject more)
    {
        var job = new JsonObject
        {
            ["op"] = op,
            ["id"] = id,
            ["tenant"] = database,
            ["database"] = database,
            ["epoch"] = 7,
            ["log"] = _shop.At("jobs", $"{id}.log"),
            ["result"] = _shop.At("jobs", $"{id}.json"),
        };
        foreach (var (name, value) in more.ToList())
        {
            more.Remove(name);
            job[name] = value;
        }

        return job;
    }

    private async Task<bool> AnswersAsync()
    {
        Assert.False(Process.HasEnded, "the fork server ended");
        try
        {
            return (int?)(await AskAsync(new JsonObject { ["op"] = "ping" }))["pid"] == Process.Id;
        }
        catch (SocketException)
        {
            return false; // not listening yet
        }
    }
}
