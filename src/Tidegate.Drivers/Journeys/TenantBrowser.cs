using System.Net;
using System.Text;
using System.Text.Json;

namespace Tidegate.Drivers.Journeys;

/// <summary>A browser of one tenant's user, straight at a generation's internal port, with the headers that the gateway sets.</summary>
internal sealed class TenantBrowser(JourneyTarget target) : IDisposable
{
    /// <summary>The header by which the gateway tells the bridge which database is meant.</summary>
    public const string DatabaseHeader = "X-Tidegate-Database";

    private const string SessionCookie = "session_id";

    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            UseCookies = false, // the cookie is the tenant's, whatever the address says
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
        }
    )
    {
        BaseAddress = new Uri($"http://127.0.0.1:{target.Ports.Http}"),
    };

    /// <summary>Null until the first answer that sets it.</summary>
    public string? Session { get; private set; }

    public async Task<BrowserAnswer> GetAsync(string path, CancellationToken cancellationToken) =>
        await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    /// <summary>A JSON-RPC call. Odoo answers errors with status 200, so the body decides.</summary>
    /// <exception cref="JourneyException">Odoo answered with an error, or not with JSON-RPC.</exception>
    public async Task<JsonElement> CallAsync(string path, object parameters, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.Serialize(
            new
            {
                jsonrpc = "2.0",
                method = "call",
                @params = parameters,
            }
        );
        var answer = await SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            },
            cancellationToken
        );
        return JsonRpc.ResultOf(answer);
    }

    /// <summary>A method of a model, as the web client calls it.</summary>
    public Task<JsonElement> CallModelAsync(
        string model,
        string method,
        object?[] args,
        object kwargs,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            $"/web/dataset/call_kw/{model}/{method}",
            new
            {
                model,
                method,
                args,
                kwargs,
            },
            cancellationToken
        );

    public void Dispose() => _http.Dispose();

    /// <summary>What the gateway would set, in order.</summary>
    public IEnumerable<(string Name, string Value)> Headers()
    {
        yield return ("Host", target.PublicUrl.Authority);
        yield return ("X-Forwarded-Host", target.PublicUrl.Authority);
        yield return ("X-Forwarded-Proto", target.PublicUrl.Scheme);
        yield return ("X-Forwarded-For", "127.0.0.1");
        yield return (DatabaseHeader, target.Tenant.Database);
        if (Session is { } session)
        {
            yield return ("Cookie", $"{SessionCookie}={session}");
        }
    }

    private async Task<BrowserAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            foreach (var (name, value) in Headers())
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var response = await _http.SendAsync(request, cancellationToken);
            Remember(response);
            return new(
                response.StatusCode,
                response.Content.Headers.ContentType?.MediaType,
                await response.Content.ReadAsStringAsync(cancellationToken)
            );
        }
    }

    private void Remember(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            return;
        }

        foreach (
            var cookie in cookies.Where(cookie => cookie.StartsWith($"{SessionCookie}=", StringComparison.Ordinal))
        )
        {
            Session = cookie[(SessionCookie.Length + 1)..].Split(';')[0];
        }
    }
}

/// <summary>What a page or a call came back with.</summary>
internal sealed record BrowserAnswer(HttpStatusCode Status, string? MediaType, string Body);
