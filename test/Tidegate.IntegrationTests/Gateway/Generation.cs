using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Tidegate.IntegrationTests.Gateway;

/// <summary>A small web server in the place of a generation: answers what a test tells it and remembers what it was asked.</summary>
internal sealed class Generation : IAsyncDisposable
{
    private readonly WebApplication app;

    private Generation(WebApplication app) => this.app = app;

    /// <summary>Path and body of every request, in the order of arrival.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>The last request's headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; private set; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What happens after a request was noted; by default it is answered with <c>done</c>.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = context => context.Response.WriteAsync("done");

    public int Port =>
        new Uri(
            app.Services.GetRequiredService<IServer>()
                .Features.GetRequiredFeature<IServerAddressesFeature>()
                .Addresses.First()
        ).Port;

    public static async Task<Generation> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
        });
        var server = builder.Build();
        var generation = new Generation(server);
        server.UseWebSockets();
        server.Run(generation.HandleAsync);
        await server.StartAsync(TestContext.Current.CancellationToken);
        return generation;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        Headers = context.Request.Headers.ToDictionary(
            header => header.Key,
            header => header.Value.ToString(),
            StringComparer.OrdinalIgnoreCase
        );
        if (!context.WebSockets.IsWebSocketRequest && context.Request.ContentLength is null or < 100_000)
        {
            using var reader = new StreamReader(context.Request.Body);
            Asked.Enqueue($"{context.Request.Path} {await reader.ReadToEndAsync(context.RequestAborted)}".Trim());
        }

        await Answer(context);
    }
}
