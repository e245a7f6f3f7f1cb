using System.Diagnostics;
using System.Text.Json.Nodes;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Migration;

/// <summary>What the fork server promises whatever happens to its children, its clients and itself.</summary>
[Collection(nameof(OdooShop))]
public sealed class ForkServerTests(OdooShop shop)
{
    [Fact]
    public async Task A_killed_migration_says_so_and_is_not_begun_again()
    {
        await using var server = await StartSlowAsync("killed");
        var request = server.Migrate("killed-1", await shop.CopyAsync("killed"), "shop_suite");
        var answer = server.AskAsync(Again(request));
        using (var child = await ChildAsync(server, "killed-1"))
        {
            child.Kill();
        }

        var result = await answer;
        var second = await server.AskAsync(Again(request));

        Assert.Null((int?)result["exit"]);
        Assert.Equal(9, (int?)result["signal"]);
        Assert.Equal(result.ToJsonString(), second.ToJsonString());
    }

    [Fact]
    public async Task A_client_that_leaves_ends_nothing_and_the_next_one_gets_the_answer()
    {
        await using var server = await StartSlowAsync("left");
        var request = server.Migrate("left-1", await shop.CopyAsync("left"), "shop_suite");
        using (await server.SendAsync(Again(request)))
        {
            // leaves without reading
        }

        using var child = await ChildAsync(server, "left-1");
        var waiting = server.AskAsync(Again(request));
        var ended = await server.AskAsync(new JsonObject { ["op"] = "end", ["id"] = "left-1" });
        var attached = await waiting;
        var gone = await server.AskAsync(new JsonObject { ["op"] = "end", ["id"] = "left-1" });

        Assert.Equal(9, (int?)ended["signal"]);
        Assert.Equal(ended.ToJsonString(), attached.ToJsonString());
        Assert.False((bool?)gone["running"]);
    }

    [Fact]
    public async Task Children_die_with_the_fork_server_and_the_next_one_knows()
    {
        var database = await shop.CopyAsync("orphan");
        JsonObject request;
        await using (var server = await StartSlowAsync("orphan"))
        {
            request = server.Migrate("orphan-1", database, "shop_suite");
            using var client = await server.SendAsync(Again(request));
            using var child = await ChildAsync(server, "orphan-1");

            await server.Process.KillAloneAsync();
            await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await using var next = await StartSlowAsync("orphan");
        var result = await next.AskAsync(Again(request));

        Assert.Equal("orphan-1", (string?)result["id"]);
        Assert.Null((int?)result["exit"]);
        Assert.Null((int?)result["signal"]);
    }

    [Fact]
    public async Task A_second_fork_server_on_the_same_socket_is_refused()
    {
        await using var first = await ForkServer.StartAsync(shop, "twice", "2026.11.1", preload: false);
        await using var second = OdooProcess.Start(
            shop,
            "twice-second.log",
            [
                Path.Combine(shop.Bridge, "forkserver", "tidegate_forkserver.py"),
                "--socket",
                shop.At("twice.sock"),
                "--config",
                await shop.ConfigureAsync("2026.11.1"),
            ]
        );

        Assert.Equal(1, await second.WaitForExitAsync());
        Assert.Equal(0, (int?)(await first.AskAsync(new JsonObject { ["op"] = "ping" }))["running"]);
    }

    [Fact]
    public async Task Stop_ends_the_jobs_and_then_the_fork_server()
    {
        await using var server = await StartSlowAsync("stops");
        var answer = server.AskAsync(server.Migrate("stops-1", await shop.CopyAsync("stops"), "shop_suite"));
        using var child = await ChildAsync(server, "stops-1");

        var stopped = await server.AskAsync(new JsonObject { ["op"] = "stop" });

        Assert.True((bool?)stopped["stopped"]);
        Assert.Equal(9, (int?)(await answer)["signal"]);
        Assert.Equal(0, await server.Process.WaitForExitAsync());
        Assert.False(File.Exists(shop.At("stops.sock")));
    }

    [Fact]
    public async Task A_request_that_makes_no_sense_is_answered_with_the_reason()
    {
        await using var server = await ForkServer.StartAsync(shop, "nonsense", "2026.11.1", preload: false);
        string[] requests =
        [
            """{"op": "dance"}""",
            """{"op": ["list"]}""",
            """{"op": "end", "id": {"a": 1}}""",
            """{"op": "migrate", "id": "x"}""",
            """{"op": "migrate", "id": "x", "tenant": "t", "database": "t", "epoch": 1, "modules": ["m"], "log": "x", "result": "/x"}""",
            """{"op": "journeys", "id": "x", "tenant": "t", "database": "t", "epoch": 1, "journeys": {"dance": {}}, "log": "/x", "result": "/x"}""",
            """{"op": "journeys", "id": "x", "tenant": "t", "database": "t", "epoch": 1, "journeys": {"order": 1}, "log": "/x", "result": "/x"}""",
            """{"op": "journeys", "id": "x", "tenant": "t", "database": "t", "epoch": 1, "journeys": {}, "log": "/x", "result": "/x"}""",
        ];

        foreach (var request in requests)
        {
            var answer = await server.AskAsync(JsonNode.Parse(request)!.AsObject());

            Assert.NotEmpty((string?)answer["error"] ?? "");
        }

        Assert.Equal(0, (int?)(await server.AskAsync(new JsonObject { ["op"] = "ping" }))["running"]);
    }

    /// <summary>On a release whose migration does not end by itself.</summary>
    private async Task<ForkServer> StartSlowAsync(string name) =>
        await ForkServer.StartAsync(
            shop,
            name,
            await StoryRelease.WithMigrationAsync(shop, $"{name}-slow", "time.sleep(600)"),
            preload: false
        );

    private static async Task<Process> ChildAsync(ForkServer server, string id)
    {
        var child = 0;
        await Eventually.IsTrueAsync(async () => (child = await server.ChildOfAsync(id)) > 0, $"{id} runs");
        return Process.GetProcessById(child);
    }

    private static JsonObject Again(JsonObject request) => request.DeepClone().AsObject();
}
