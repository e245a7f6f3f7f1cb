using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Tidegate.IntegrationTests.Ledger;

/// <summary>Whoever is told of checkpoints, on loopback.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly TaskCompletionSource _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? _stalling;

    private WebhookReceiver(WebApplication application) => _application = application;

    public string Address => _application.Urls.First();

    public int Status { get; set; } = 204;

    public string? RedirectTo { get; set; }

    public ConcurrentQueue<string> Bodies { get; } = [];

    public ConcurrentQueue<string> Authorizations { get; } = [];

    /// <summary>Ends when a request has come that is not answered.</summary>
    public Task Stalled => _stalled.Task;

    /// <param name="certificate">Whom it says to be, by https; null for http.</param>
    public static async Task<WebhookReceiver> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                IPAddress.Loopback,
                port: 0,
                listen =>
                {
                    if (certificate is not null)
                    {
                        listen.UseHttps(certificate);
                    }
                }
            )
        );
        var receiver = new WebhookReceiver(builder.Build());
        receiver._application.Run(receiver.AnswerAsync);
        await receiver._application.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>Answers nobody until what it gives is disposed.</summary>
    public IDisposable Stall() => new Stalling(_stalling = new());

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(CancellationToken.None); // also when the test was cancelled
        await _application.DisposeAsync();
        _stalling?.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (_stalling is { } stalling)
        {
            _stalled.TrySetResult();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stalling.Token, context.RequestAborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, either.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        if (RedirectTo is { } elsewhere)
        {
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = elsewhere;
            return;
        }

        context.Response.StatusCode = Status;
        if (Status < 300)
        {
            Bodies.Enqueue(body);
            if (context.Request.Headers.Authorization is [{ } authorization])
            {
                Authorizations.Enqueue(authorization);
            }
        }
    }

    private sealed class Stalling(CancellationTokenSource stalling) : IDisposable
    {
        public void Dispose() => stalling.Cancel();
    }
}
