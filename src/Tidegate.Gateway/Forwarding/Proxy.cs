using System.Globalization;
using Microsoft.AspNetCore.Http;
using Tidegate.Contracts.Gateway;
using Tidegate.Gateway.Holding;
using Tidegate.Gateway.Inspection;
using Tidegate.Gateway.Pages;
using Tidegate.Gateway.Routing;
using Tidegate.Gateway.WebSockets;

namespace Tidegate.Gateway.Forwarding;

/// <summary>The request path: host → tenant → guard → gate → generation. Nothing on it may block a thread.</summary>
/// <remarks>Socket completions run it inline (see <see cref="GatewayHost"/>): a thread that waits here stalls every connection.</remarks>
internal sealed class Proxy(
    RouteTable routes,
    GenerationForwarder generations,
    AnswerPages pages,
    GatewayOptions options,
    TimeProvider clock
)
{
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

    private Task LetThroughAsync(HttpContext context)
    {
        var request = context.Request;
        if (routes.Find(request.Headers.Host.ToString()) is not { } tenant)
        {
            return pages.UnknownHostAsync(context);
        }

        var database = tenant.Route.Database;
        var verdict = ClientHeaders.TryClean(request.Headers, database)
            ? RequestGuard.Check(request, database)
            : RequestGuard.Foreign;
        return verdict is GuardVerdict.ReadBody { Inspector: var inspector }
            ? InspectAsync(context, tenant, inspector, database)
            : FollowAsync(context, tenant, verdict, bytes: 0);
    }

    private async Task InspectAsync(HttpContext context, Tenant tenant, IBodyInspector inspector, string database)
    {
        var request = context.Request;
        var limit = options.MaxInspectedBytes;
        var verdict = RequestGuard.TooLarge(limit);
        var bytes = 0;
        if (await BodyReading.ReadWholeAsync(request, limit, context.RequestAborted) is { } body)
        {
            request.Body = new PrefixedBody(body, Stream.Null);
            bytes = body.Length;
            verdict = inspector.Refusal(body, database) is { } reason
                ? new GuardVerdict.Refuse(StatusCodes.Status403Forbidden, reason)
                : GuardVerdict.Pass.Instance;
        }

        await FollowAsync(context, tenant, verdict, bytes);
    }

    private Task FollowAsync(HttpContext context, Tenant tenant, GuardVerdict verdict, int bytes)
    {
        if (verdict is GuardVerdict.Refuse refuse)
        {
            return pages.RefusedAsync(context, refuse);
        }

        if (Handshake.IsAsked(context))
        {
            return TunnelAsync(context, tenant);
        }

        var isEvented = RequestPath.IsEvented(context.Request.Path.Value);
        return tenant.Gate.TryEnter()
            ? generations.ForwardAsync(context, tenant, isEvented, held: null)
            : HoldAsync(context, tenant, isEvented, bytes);
    }

    private async Task HoldAsync(HttpContext context, Tenant tenant, bool isEvented, int bytes)
    {
        var held = new HeldClient(context, tenant.Gate, isPaced: !isEvented);
        var began = clock.GetTimestamp();
        var admission = await WaitingRoom.WaitAsync(context, tenant.Gate, held, bytes);
        held.StopWatching();
        if (admission != Admission.Admitted)
        {
            await TurnAwayAsync(context, admission);
            return;
        }

        var waited = Math.Ceiling(clock.GetElapsedTime(began).TotalMilliseconds);
        context.Response.Headers[GatewayHeaders.Held] = waited.ToString(CultureInfo.InvariantCulture);
        await generations.ForwardAsync(context, tenant, isEvented, held);
    }

    private async Task TunnelAsync(HttpContext context, Tenant tenant)
    {
        if (tenant.Gate.EnterHandshake() != Admission.Admitted)
        {
            await pages.MaintenanceAsync(context);
            return;
        }

        using var handshake = new Handshake(context, tenant);
        await generations.ConnectAsync(context, tenant);
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
}
