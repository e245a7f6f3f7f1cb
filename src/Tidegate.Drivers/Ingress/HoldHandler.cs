using Tidegate.Contracts.Gateway;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Ingress;

/// <summary>Begins the tenant's hold and waits until nothing of it is on its way: no request, no handshake, no websocket.</summary>
/// <remarks>
/// Over the drain's bound the tenant is put off and the hold stays: the way back reopens it. So no request can slip to the
/// old generation between the two.
/// </remarks>
public sealed class HoldHandler(GatewayClient gateway, TimeProvider clock) : IStepHandler<Hold>
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    public async Task<StepOutcome> RunAsync(Hold step, StepContext context, CancellationToken cancellationToken)
    {
        var (tenant, hold) = (context.Target.Tenant, UpgradeHold.IdOf(context));
        try
        {
            var began = clock.GetTimestamp();
            var terms = UpgradeHold.Terms(context, step.HoldBound);
            var status = await gateway.HoldAsync(tenant, hold, terms, cancellationToken);
            while (!status.IsDrained && status.State == GateState.Holding)
            {
                if (clock.GetElapsedTime(began) > step.DrainBound)
                {
                    return new StepOutcome.PutOff(
                        $"{Running(status)} of {tenant} did not end within {step.DrainBound.TotalSeconds:0} s"
                    );
                }

                await Task.Delay(Poll, clock, cancellationToken);
                status = await gateway.FindAsync(tenant, cancellationToken) ?? status;
            }

            return status is { State: GateState.Holding, Hold: var holder } && holder == hold
                ? new StepOutcome.Done(
                    $"{tenant} is on hold, {status.Held} requests wait; drained in {clock.GetElapsedTime(began).TotalSeconds:0.00} s"
                )
                : new StepOutcome.PutOff($"the hold of {tenant} did not last: {status.Reason ?? "it was released"}");
        }
        catch (GatewayRefusedException refused) when (refused.IsStale)
        {
            return new StepOutcome.Unknown(refused.Message);
        }
        catch (GatewayRefusedException refused)
        {
            return new StepOutcome.PutOff($"the gateway does not hold {tenant}: {refused.Message}");
        }
    }

    private static string Running(GatewayTenantStatus status) =>
        $"{status.InFlight} running requests and {status.WebSockets} websockets";
}
