using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tidegate.Gateway.Holding;

namespace Tidegate.Gateway.Forwarding;

/// <summary>Keeps one request at a gate until it is decided, its body and its client watched meanwhile.</summary>
internal static class WaitingRoom
{
    /// <param name="bytes">Bytes of the body that have been read already, for another reason.</param>
    public static Task<Admission> WaitAsync(HttpContext context, TenantGate gate, HeldClient held, long bytes)
    {
        gate.Wait(held, bytes);
        if (held.Outcome.IsCompleted)
        {
            return held.Outcome;
        }

        held.Watch();
        return bytes > 0 || context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true }
            ? held.Outcome
            : WaitWithBodyAsync(context.Request, gate, held);
    }

    private static async Task<Admission> WaitWithBodyAsync(HttpRequest request, TenantGate gate, HeldRequest held)
    {
        var body = new KeptBody(request, gate, held);
        var reading = body.ReadAsync();
        var admission = await held.Outcome;
        if (!reading.IsCompleted)
        {
            body.Stop();
        }

        await reading;
        body.HandOn();
        return admission;
    }
}
