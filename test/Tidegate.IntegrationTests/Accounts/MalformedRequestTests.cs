using System.Text;
using System.Text.Json;
using Tidegate.Contracts;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Accounts;

/// <summary>Requests that nobody should send, to every operation that the API's document has. Each is answered, none changes anything.</summary>
public sealed class MalformedRequestTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private static readonly string[] Names =
    [
        "x",
        "..%2F..%2Fetc%2Fpasswd",
        "%27%3B%20drop%20table%20tenant%3B%20--",
        new('a', 3000),
        "%F0%9F%9A%A2",
        "%FF%FE",
        "%0D%0ASet-Cookie%3A%20a%3Db",
    ];

    private static readonly string[] Queries =
    [
        "?limit=abc",
        "?limit=-1&revoked=perhaps",
        "?limit=99999999999999999999",
        "?since=never&until=2026-13-45&before=x",
        "?tenant=%00&who=%00&environment=%00&after=%00&actor=%00&kind=%00&site=%00&subject=%00&scenario=%00",
        "?tenant=a&tenant=b&environment=%F0%9F%9A%A2",
        "?who=%27%3B%20drop%20table%20account%3B%20--",
        "?reason=%00",
    ];

    private static readonly byte[][] Bodies =
    [
        [],
        Text("{"),
        Text("null"),
        Text("[]"),
        Text("42"),
        Text("\"text\""),
        Text("{\"nonsense\": 1}"),
        Text("{\"reason\": 1, \"name\": [], \"release\": {}, \"tenant\": true}"),
        Text("{\"reason\": \"\\u0000\", \"name\": \"\\u0000\", \"environment\": \"\\u0000\"}"),
        Text("{\"reason\": \"\\ud800\", \"release\": \"\\ud800\", \"environment\": \"x\"}"),
        Text(new string('[', 5000)),
        Text(string.Concat(Enumerable.Repeat("{\"reason\":", 5000))),
        [.. Text("{\"reason\": \""), 0xff, 0xfe, 0xc0, .. Text("\"}")],
        Text("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>"),
        Text("{\"reason\": \"" + new string('a', 100_000)),
    ];

    private static readonly byte[] TooLarge = new byte[31_000_000];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_malformed_request_fails_the_control_plane_or_changes_anything()
    {
        await using var home = await AccessHome.StartAsync(cluster);
        var before = await home.StateAsync();
        var (sent, wrong) = (0, new List<string>());

        var api = await DescribedApi.ReadAsync(home);
        foreach (var (method, path) in api.Operations)
        {
            foreach (var request in Requests(api, method, path))
            {
                using (request)
                {
                    var what =
                        $"{request.Method} {request.RequestUri!.OriginalString[..Math.Min(120, request.RequestUri.OriginalString.Length)]}";
                    sent++;
                    try
                    {
                        using var response = await home.Plane.SendAsync(request);
                        if (await FaultAsync(response) is { } fault)
                        {
                            wrong.Add($"{what}: {fault}");
                        }
                    }
                    catch (HttpRequestException closed) when (closed.InnerException is IOException && IsLarge(request))
                    {
                        // It was refused while this side was still sending, and the connection closed.
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {sent}:\n{string.Join('\n', wrong.Take(40))}");
        Assert.Equal(before, await home.StateAsync());
        Assert.True(sent >= 2000, $"only {sent} requests");
        TestContext.Current.TestOutputHelper?.WriteLine($"{sent} requests");
    }

    /// <summary>Each has a value of another type than the API's own document says, or one too few or too many.</summary>
    [Fact]
    public async Task What_the_document_does_not_let_through_is_refused_and_changes_nothing()
    {
        await using var home = await AccessHome.StartAsync(cluster);
        var before = await home.StateAsync();
        var (sent, wrong) = (0, new List<string>());

        foreach (var request in (await DescribedApi.ReadAsync(home)).Malformed())
        {
            using (request)
            {
                sent++;
                using var response = await home.Plane.SendAsync(request);
                var fault = (int)response.StatusCode is >= 400 and < 500
                    ? await FaultAsync(response)
                    : $"{(int)response.StatusCode}";
                if (fault is not null)
                {
                    var body = request.Content is { } content ? await content.ReadAsStringAsync(Token) : "";
                    wrong.Add($"{request.Method} {request.RequestUri} {body}: {fault}");
                }
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {sent}:\n{string.Join('\n', wrong.Take(40))}");
        Assert.Equal(before, await home.StateAsync());
        Assert.True(sent >= 500, $"only {sent} requests");
        TestContext.Current.TestOutputHelper?.WriteLine($"{sent} requests");
    }

    private static IEnumerable<HttpRequestMessage> Requests(DescribedApi api, string method, string path)
    {
        foreach (var name in path.Contains('{', StringComparison.Ordinal) ? Names : ["x"])
        {
            var address = api.AddressOf(method, path, name);
            if (method is "GET" or "DELETE")
            {
                foreach (var query in Queries)
                {
                    yield return new(new HttpMethod(method), new Uri(address + query, UriKind.Relative));
                }
            }
            else
            {
                foreach (var body in Bodies)
                {
                    yield return Post(address, body, "application/json");
                }

                yield return Post(address, Text("{}"), "text/plain");
                yield return Post(address, Text("{}"), "application/json; charset=utf-7");
            }
        }

        if (method is "POST")
        {
            yield return Oversized(api.AddressOf(method, path, "x"));
        }
    }

    /// <summary>Null where the answer is as it should be.</summary>
    private static async Task<string?> FaultAsync(HttpResponseMessage response)
    {
        if ((int)response.StatusCode >= 500)
        {
            return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(Token)}";
        }

        var text = await response.Content.ReadAsStringAsync(Token);
        if (response.IsSuccessStatusCode || text.Length == 0)
        {
            return null; // what is no route is answered with nothing
        }

        try
        {
            return JsonSerializer.Deserialize<ApiProblem>(text, ApiJson.Options) is null ? "null" : null;
        }
        catch (JsonException)
        {
            return $"{(int)response.StatusCode} is not of the one shape: {text}";
        }
    }

    private static HttpRequestMessage Post(string path, byte[] body, string type)
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return new(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = content };
    }

    /// <summary>Says that it is larger than anything may be, and waits whether that is wanted.</summary>
    private static HttpRequestMessage Oversized(string path)
    {
        var request = Post(path, TooLarge, "application/json");
        request.Headers.ExpectContinue = true;
        return request;
    }

    private static bool IsLarge(HttpRequestMessage request) => request.Content?.Headers.ContentLength >= 100_000;

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
