using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Tidegate.Bench.Gateway;

/// <summary>An upstream of our own: slow by a given time, or counting what reaches it.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private static readonly byte[] Answer = new byte[2048];

    private readonly WebApplication app;

    private Upstream(WebApplication app, int port) => (this.app, Port) = (app, port);

    public int Port { get; }

    /// <summary>How often each path was asked.</summary>
    public ConcurrentDictionary<string, int> Asked { get; } = new(StringComparer.Ordinal);

    public static Task<Upstream> StartSlowAsync(TimeSpan delay, CancellationToken cancellationToken) =>
        StartAsync(
            async (_, context) =>
            {
                await Task.Delay(delay, TimeProvider.System, context.RequestAborted);
                await AnswerAsync(context);
            },
            cancellationToken
        );

    public static Task<Upstream> StartCountingAsync(CancellationToken cancellationToken) =>
        StartAsync(
            async (upstream, context) =>
            {
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
                upstream.Asked.AddOrUpdate(context.Request.Path.Value!, 1, (_, count) => count + 1);
                await AnswerAsync(context);
            },
            cancellationToken
        );

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentLength = Answer.Length;
        return context.Response.Body.WriteAsync(Answer).AsTask();
    }

    private static async Task<Upstream> StartAsync(
        Func<Upstream, HttpContext, Task> answer,
        CancellationToken cancellationToken
    )
    {
        var port = BenchProcess.FreePort();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var server = builder.Build();
        var upstream = new Upstream(server, port);
        server.Run(context => answer(upstream, context));
        await server.StartAsync(cancellationToken);
        return upstream;
    }
}
