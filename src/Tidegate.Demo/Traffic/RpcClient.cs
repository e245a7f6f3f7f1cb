using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tidegate.Demo.Traffic;

/// <summary>A program at the shop's RPC: logs in once, keeps its session, looks products up and takes orders.</summary>
internal sealed class RpcClient(ShopClient client, string tenant, TrafficLog log, TimeProvider clock) : IDisposable
{
    /// <summary>True when the shop let us in.</summary>
    public async Task<bool> LogInAsync(Shop shop, CancellationToken cancellationToken)
    {
        var parameters = new JsonObject
        {
            ["db"] = shop.Database,
            ["login"] = shop.Login,
            ["password"] = shop.Password,
        };
        return await PostAsync(RequestKind.LogIn, "/web/session/authenticate", parameters, cancellationToken)
            is not null;
    }

    /// <summary>The ids of the first records that fit.</summary>
    public async Task<IReadOnlyList<int>> FindAsync(
        string model,
        JsonArray domain,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var found = await CallAsync(
            RequestKind.LookUp,
            model,
            "search_read",
            [domain, new JsonArray("id", "display_name")],
            new JsonObject { ["limit"] = limit, ["order"] = "id" },
            cancellationToken
        );
        return found is { } rows ? [.. rows.EnumerateArray().Select(row => row.GetProperty("id").GetInt32())] : [];
    }

    /// <summary>One product with its price.</summary>
    public Task LookUpAsync(int product, CancellationToken cancellationToken) =>
        CallAsync(
            RequestKind.LookUp,
            "product.product",
            "search_read",
            [
                new JsonArray(new JsonArray("id", "=", product)),
                new JsonArray("display_name", "default_code", "lst_price"),
            ],
            [],
            cancellationToken
        );

    /// <summary>Creates an order under <paramref name="reference"/> and confirms it, if the answer to the first is read.</summary>
    public async Task OrderAsync(string reference, int partner, int product, CancellationToken cancellationToken)
    {
        var order = new PlacedOrder(reference, tenant, clock.GetUtcNow());
        log.Note(order);
        var values = new JsonObject
        {
            ["partner_id"] = partner,
            ["client_order_ref"] = reference,
            ["order_line"] = new JsonArray(
                new JsonArray(0, 0, new JsonObject { ["product_id"] = product, ["product_uom_qty"] = 1 })
            ),
        };
        var created = await CallAsync(RequestKind.OrderCreate, "sale.order", "create", [values], [], cancellationToken);
        if (created is not { } id)
        {
            return;
        }

        order = order with { Acknowledged = true };
        log.Note(order);
        var one = id.ValueKind == JsonValueKind.Array ? id[0].GetInt32() : id.GetInt32();
        var confirmed = await CallAsync(
            RequestKind.OrderConfirm,
            "sale.order",
            "action_confirm",
            [new JsonArray(one)],
            [],
            cancellationToken
        );
        if (confirmed is not null)
        {
            log.Note(order with { Confirmed = true });
        }
    }

    public void Dispose() => client.Dispose();

    private Task<JsonElement?> CallAsync(
        RequestKind kind,
        string model,
        string method,
        JsonArray arguments,
        JsonObject named,
        CancellationToken cancellationToken
    )
    {
        var parameters = new JsonObject
        {
            ["model"] = model,
            ["method"] = method,
            ["args"] = arguments,
            ["kwargs"] = named,
        };
        return PostAsync(kind, $"/web/dataset/call_kw/{model}/{method}", parameters, cancellationToken);
    }

    private async Task<JsonElement?> PostAsync(
        RequestKind kind,
        string path,
        JsonObject parameters,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        var call = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["method"] = "call",
            ["params"] = parameters,
        };
        request.Content = new StringContent(call.ToJsonString(), Encoding.UTF8, "application/json");
        var answer = await client.SendAsync(kind, request, Expected.RpcResult, cancellationToken);
        return answer is null ? null : JsonElement.Parse(answer.Body).GetProperty("result");
    }
}
