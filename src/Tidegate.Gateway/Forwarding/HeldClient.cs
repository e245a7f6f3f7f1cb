using Microsoft.AspNetCore.Http;
using Tidegate.Gateway.Holding;

namespace Tidegate.Gateway.Forwarding;

/// <summary>A held request and the client that waits for its answer.</summary>
/// <remarks>Thousands may wait at a time: what a wait needs is in this one object, without closures.</remarks>
internal sealed class HeldClient(HttpContext context, TenantGate gate, bool isPaced) : HeldRequest(isPaced)
{
    private CancellationTokenRegistration leaving;

    public override bool ClientIsGone => ClientPresence.IsGone(context);

    /// <summary>From now on the request leaves the queue when its client goes.</summary>
    public void Watch() =>
        leaving = context.RequestAborted.UnsafeRegister(static held => ((HeldClient)held!).GiveUp(), this);

    /// <summary>The wait is over. Does not wait for a client that is just leaving: the gate passes over whoever has been decided.</summary>
    public void StopWatching() => leaving.Unregister();

    public void GiveUp() => gate.GiveUp(this);
}
