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
            await generations.ForwardAsync(context, tenant, isEvented, held);
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
