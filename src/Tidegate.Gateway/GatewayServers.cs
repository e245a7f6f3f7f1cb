using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tidegate.Contracts.Gateway;
using Tidegate.Gateway.Control;
using Tidegate.Gateway.Forwarding;
using Tidegate.Gateway.Pages;
using Tidegate.Gateway.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace Tidegate.Gateway;

/// <summary>Builds the gateway's two servers.</summary>
internal static class GatewayServers
{
    /// <summary>Users' requests, on the loopback port.</summary>
    public static WebApplication BuildData(GatewayOptions options, RouteTable table, TimeProvider clock)
    {
        var builder = CreateBuilder(options);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Limits.MaxConcurrentConnections = null;
            kestrel.Limits.MaxRequestBodySize = options.MaxRequestBytes;
            kestrel.Limits.MinRequestBodyDataRate = null; // an upload may wait in a hold
            kestrel.Limits.MinResponseDataRate = null; // a long poll's answer may come slowly
        });
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Services.AddSingleton(options).AddSingleton<IConnectionListenerFactory, ClientTransport>();
        builder.Services.AddHttpForwarder();
        var app = builder.Build();
        var pages = new AnswerPages(options);
        var generations = new GenerationForwarder(
            app.Services.GetRequiredService<IHttpForwarder>(),
            pages,
            options,
            clock,
            app.Services.GetRequiredService<ILogger<GenerationForwarder>>()
        );
        var proxy = new Proxy(table, generations, pages, options, clock);
        app.Run(proxy.HandleAsync);
        return app;
    }

    /// <summary>The control API, on the unix socket; and the meters on a port of their own, if one is given.</summary>
    public static WebApplication BuildControl(GatewayOptions options, TenantRegistry registry)
    {
        var builder = CreateBuilder(options);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenUnixSocket(options.ControlSocket);
            if (options.MetricsPort is { } port)
            {
                kestrel.Listen(IPAddress.Loopback, port);
            }
        });
        builder.Services.Configure<SocketTransportOptions>(sockets =>
            sockets.CreateBoundListenSocket = ControlSocket.Bind
        );
        builder.Services.AddRoutingCore();
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, GatewayJson.Default)
        );
        var app = builder.Build();
        app.Use(
            (context, next) =>
            {
                if (context.Connection.LocalIpAddress is null || context.Request.Path == GatewayPaths.Metrics)
                {
                    return next(context);
                }

                context.Response.StatusCode = 404; // the metrics port gives metrics alone
                return Task.CompletedTask;
            }
        );
        app.MapControl(registry);
        app.MapMetrics(registry);
        return app;
    }

    private static WebApplicationBuilder CreateBuilder(GatewayOptions options)
    {
        // Empty: nothing is read from settings files or the environment, and what is not loaded takes no memory.
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { Args = [], ContentRootPath = AppContext.BaseDirectory }
        );
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
        builder.Logging.AddProvider(new LogFile(options.LogFolder));
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // Enabled at any level it begins an activity for every request, about 1 µs; what it would say, Kestrel says too.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Logging.AddFilter("Yarp", LogLevel.None); // a page of stack for every client that leaves; the proxy says what matters
        return builder;
    }
}
