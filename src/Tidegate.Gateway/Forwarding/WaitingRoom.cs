using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tidegate.Gateway.Holding;

namespace Tidegate.Gateway.Forwarding;

/// <summary>Keeps one request at a gate until it is decided, its body and its client watched meanwhile.</summary>
internal static class WaitingRoom
{
    /// <param name="bytes">Bytes of the body that have been read already, for another reason.</param>
    public static async Task<Admission> WaitAsync(HttpContext context, TenantGate gate, HeldRequest held, long bytes)
    {
        gate.Wait(held, bytes);
        if (held.Outcome.IsCompleted)
        {
            return await held.Outcome;
        }

        await using var gone = context.RequestAborted.UnsafeRegister(_ => gate.GiveUp(held), null);
        if (bytes > 0 || context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
        {
            return await held.Outcome;
        }

        return await WaitWithBodyAsync(context.Request, gate, held);
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
