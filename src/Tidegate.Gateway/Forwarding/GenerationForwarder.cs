using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tidegate.Gateway.Holding;
using Tidegate.Gateway.Pages;
using Tidegate.Gateway.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace Tidegate.Gateway.Forwarding;

/// <summary>Sends requests to generations: each once, in the order asked, to whoever still waits for the answer.</summary>
internal sealed partial class GenerationForwarder(
    IHttpForwarder forwarder,
    AnswerPages pages,
    GatewayOptions options,
    TimeProvider clock,
    ILogger<GenerationForwarder> logger
)
{
    private readonly ForwarderRequestConfig web = Config(options.ActivityTimeout);
    private readonly ForwarderRequestConfig evented = Config(options.EventedActivityTimeout);

    /// <summary>Sends an admitted request to where its tenant is now, and meters the answer. With its end the request leaves the gate.</summary>
    public async Task ForwardAsync(HttpContext context, Tenant tenant, bool isEvented, HeldRequest? held)
    {
        try
        {
            var route = tenant.Route;
            var began = clock.GetTimestamp();
            var error = await StartAsync(context, tenant, route, isEvented, held);
            if (await FinishAsync(context, tenant, route, error))
            {
                route.Meter.Answered(context.Response.StatusCode, clock.GetElapsedTime(began));
            }
        }
        finally
        {
            tenant.Gate.Leave(held);
        }
    }

    /// <summary>Sends an admitted handshake; returns when its tunnel has ended. It is counted as a tunnel, not as a request.</summary>
    public async Task ConnectAsync(HttpContext context, Tenant tenant)
    {
        var route = tenant.Route;
        var error = await SendAsync(context, route, isEvented: true, held: null);
        await FinishAsync(context, tenant, route, error);
    }

    // Released requests leave in order: the next one starts when this one has asked for its place.
    private ValueTask<ForwarderError> StartAsync(
        HttpContext context,
        Tenant tenant,
        TenantRoute route,
        bool isEvented,
        HeldRequest? held
    )
    {
        try
        {
            return SendAsync(context, route, isEvented, held);
        }
        finally
        {
            if (held is not null)
            {
                tenant.Gate.Started(held);
            }
        }
    }

    // False when the client left: nobody failed it.
    private async ValueTask<bool> FinishAsync(
        HttpContext context,
        Tenant tenant,
        TenantRoute route,
        ForwarderError error
    )
    {
        if (error == ForwarderError.None)
        {
            return true;
        }

        if (context.RequestAborted.IsCancellationRequested)
        {
            return false;
        }

        if (!context.Response.HasStarted && context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            NotAnswered(
                route.Change.Generation,
                tenant.Name,
                error,
                context.GetForwarderErrorFeature()?.Exception?.Message
            );
            await pages.BadGatewayAsync(context);
        }

        return true;
    }

    // A client that leaves while it waits for a place, or has left when it gets one, is not forwarded.
    private async ValueTask<ForwarderError> SendAsync(
        HttpContext context,
        TenantRoute route,
        bool isEvented,
        HeldRequest? held
    )
    {
        var upstream = isEvented ? route.Evented : route.Http;
        if (upstream.Places is { } places && !await places.TakeAsync(context.RequestAborted))
        {
            return ForwarderError.RequestCanceled;
        }

        try
        {
            if (held is { ClientIsGone: true })
            {
                context.Abort();
                return ForwarderError.RequestCanceled;
            }

            return await forwarder.SendAsync(
                context,
                upstream.Address,
                upstream.Invoker,
                isEvented ? evented : web,
                route.Transformer
            );
        }
        finally
        {
            upstream.Places?.GiveBack();
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Generation {Generation} did not answer a request of {Tenant}: {Error}, {Cause}"
    )]
    private partial void NotAnswered(string generation, string tenant, ForwarderError error, string? cause);

    private static ForwarderRequestConfig Config(TimeSpan activityTimeout) =>
        new()
        {
            Version = System.Net.HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            ActivityTimeout = activityTimeout,
        };
}
