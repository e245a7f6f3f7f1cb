using System.Net;
using System.Net.Sockets;

namespace Tidegate.Demo.Traffic;

/// <summary>One client of a shop on one of its host names, with its own cookies. Each request is sent once, recorded, and never retried.</summary>
internal sealed class ShopClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly TrafficLog _log;
    private readonly TimeProvider _clock;
    private readonly string _tenant;

    public ShopClient(string tenant, string host, TrafficOptions options, TrafficLog log, TimeProvider clock)
    {
        _tenant = tenant;
        _log = log;
        _clock = clock;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            CookieContainer = new CookieContainer(),
            // A connection serves one request: on a reused one .NET quietly sends a request again when the other
            // side has closed it meanwhile, and a retry would hide a failure.
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = (_, cancellationToken) => ConnectAsync(options.GatewayPort, cancellationToken),
        };
        _http = new HttpClient(handler)
        {
            BaseAddress = new Uri($"http://{host}:{options.GatewayPort}"),
            Timeout = options.TimeOut,
        };
    }

    /// <summary>Sends and judges. The answer, or null when the request failed; either is in the log when this returns.</summary>
    /// <param name="whatIsWrong">Null for a right answer: <see cref="Expected"/>.</param>
    public async Task<Answer?> SendAsync(
        RequestKind kind,
        HttpRequestMessage request,
        Func<Answer, string?> whatIsWrong,
        CancellationToken cancellationToken
    )
    {
        var url = $"{_http.BaseAddress!.Host}{request.RequestUri}";
        var sentAt = _clock.GetUtcNow();
        var began = _clock.GetTimestamp();
        Answer? answer = null;
        string? failure;
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            answer = await Answer.ReadAsync(response, cancellationToken);
            failure = whatIsWrong(answer);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            failure = $"no answer within {_http.Timeout.TotalSeconds:0} s";
        }
        catch (HttpRequestException exception)
        {
            failure = exception.InnerException is { } inner
                ? $"{exception.Message} {inner.Message}"
                : exception.Message;
        }

        var held = answer?.Held ?? TimeSpan.Zero;
        _log.Add(new SentRequest(_tenant, kind, url, sentAt, _clock.GetElapsedTime(began), held, failure));
        return failure is null ? answer : null;
    }

    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
