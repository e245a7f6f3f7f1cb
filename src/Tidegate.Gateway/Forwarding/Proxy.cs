using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tidegate.Contracts.Gateway;
using Tidegate.Gateway.Holding;
using Tidegate.Gateway.Inspection;
using Tidegate.Gateway.Pages;
using Tidegate.Gateway.Routing;
using Tidegate.Gateway.WebSockets;
using Yarp.ReverseProxy.Forwarder;

namespace Tidegate.Gateway.Forwarding;

/// <summary>The request path: host → tenant → guard → gate → generation. Nothing on it may block a thread.</summary>
/// <remarks>Socket completions run it inline (see <see cref="GatewayHost"/>): a thread that waits here stalls every connection.</remarks>
internal sealed partial class Proxy(
    RouteTable routes,
    IHttpForwarder forwarder,
    GatewayOptions options,
    TimeProvider clock,
    ILogger<Proxy> logger
)
{
    private readonly AnswerPages pages = new(options);
    private readonly ForwarderRequestConfig web = Config(options.ActivityTimeout);
    private readonly ForwarderRequestConfig evented = Config(options.EventedActivityTimeout);

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await LetThroughAsync(context);
        }
        catch (Exception exception)
            when (exception is IOException or OperationCanceledException
                && context.RequestAborted.IsCancellationRequested
            )
        {
            // The client left while its body was read or its answer written: there is nobody to tell.
        }
    }

    private async Task LetThroughAsync(HttpContext context)
    {
        if (routes.Find(context.Request.Headers.Host.ToString()) is not { } tenant)
        {
            await pages.UnknownHostAsync(context);
            return;
        }

        var request = context.Request;
        var database = tenant.Route.Database;
        var verdict = ClientHeaders.TryClean(request.Headers, database)
            ? RequestGuard.Check(request, database)
            : RequestGuard.Foreign;
        var bytes = 0;
        if (verdict is GuardVerdict.ReadBody { Inspector: var inspector })
        {
            (verdict, bytes) = await InspectAsync(request, inspector, database, context.RequestAborted);
        }

        if (verdict is GuardVerdict.Refuse refuse)
        {
            await pages.RefusedAsync(context, refuse);
        }
        else if (Handshake.IsAsked(context))
        {
            await TunnelAsync(context, tenant);
        }
        else
        {
            await PassAsync(context, tenant, bytes);
        }
    }

    private async Task<(GuardVerdict, int)> InspectAsync(
        HttpRequest request,
        IBodyInspector inspector,
        string database,
        CancellationToken cancellationToken
    )
    {
        if (await BodyReading.ReadWholeAsync(request, options.MaxInspectedBytes, cancellationToken) is not { } body)
        {
            return (RequestGuard.TooLarge(options.MaxInspectedBytes), 0);
        }

        request.Body = new PrefixedBody(body, Stream.Null);
        return inspector.Refusal(body, database) is { } reason
            ? (new GuardVerdict.Refuse(StatusCodes.Status403Forbidden, reason), 0)
            : (GuardVerdict.Pass.Instance, body.Length);
    }

    private async Task PassAsync(HttpContext context, Tenant tenant, int bytes)
    {
        var isEvented = RequestPath.IsEvented(context.Request.Path.Value);
        var gate = tenant.Gate;
        HeldRequest? held = null;
        if (!gate.TryEnter())
        {
            held = new HeldRequest(() => ClientPresence.IsGone(context), isPaced: !isEvented);
            var began = clock.GetTimestamp();
            var admission = await WaitingRoom.WaitAsync(context, gate, held, bytes);
            if (admission != Admission.Admitted)
            {
                await TurnAwayAsync(context, admission);
                return;
            }

            var waited = Math.Ceiling(clock.GetElapsedTime(began).TotalMilliseconds);
            context.Response.Headers[GatewayHeaders.Held] = waited.ToString(CultureInfo.InvariantCulture);
        }

        try
        {
            await ForwardAsync(context, tenant, isEvented, held);
        }
        finally
        {
            gate.Leave(held);
        }
    }

    private async Task TunnelAsync(HttpContext context, Tenant tenant)
    {
        if (tenant.Gate.EnterHandshake() != Admission.Admitted)
        {
            await pages.MaintenanceAsync(context);
            return;
        }

        using var handshake = new Handshake(context, tenant);
        var route = tenant.Route;
        var error = await SendAsync(context, route, isEvented: true, held: null);
        await FinishAsync(context, tenant, route, error);
    }

    private async Task TurnAwayAsync(HttpContext context, Admission admission)
    {
        if (admission == Admission.Gone)
        {
            context.Abort();
            return;
        }

        await pages.MaintenanceAsync(context);
    }

    private async Task ForwardAsync(HttpContext context, Tenant tenant, bool isEvented, HeldRequest? held)
    {
        var route = tenant.Route;
        var began = clock.GetTimestamp();
        ValueTask<ForwarderError> sending = default;
        try
        {
            sending = SendAsync(context, route, isEvented, held);
        }
        finally
        {
            if (held is not null)
            {
                tenant.Gate.Started(held);
            }
        }

        var error = await sending;
        if (await FinishAsync(context, tenant, route, error))
        {
            route.Meter.Answered(context.Response.StatusCode, clock.GetElapsedTime(began));
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

        if (!context.Response.HasStarted)
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
        if (upstream.Places is { } places && !await TryTakeAsync(places, context.RequestAborted))
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
            upstream.Places?.Release();
        }
    }

    private static async ValueTask<bool> TryTakeAsync(SemaphoreSlim places, CancellationToken aborted)
    {
        try
        {
            await places.WaitAsync(aborted);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false; // the client left
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
