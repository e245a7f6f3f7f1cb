using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Ingress;

/// <summary>The gateway's part of the way back: held requests go on to the old generation.</summary>
public sealed class ReopenHandler(GatewayClient gateway, TenantRouting routing) : IStepHandler<Reopen>
{
    public async Task<StepOutcome> RunAsync(Reopen step, StepContext context, CancellationToken cancellationToken)
    {
        var target = context.Target;
        try
        {
            if (await gateway.FindAsync(target.Tenant, cancellationToken) is not { } status)
            {
                return new StepOutcome.Done($"the gateway has no route for {target.Tenant}");
            }

            if (status.Hold != UpgradeHold.IdOf(context))
            {
                return new StepOutcome.Done($"{target.Tenant} was not on hold");
            }

            await routing.OpenAsync(context, target.From, cancellationToken);
            return new StepOutcome.Done(
                $"{target.Tenant} is open on {target.From.Name}; {status.Held} requests had waited"
            );
        }
        catch (GatewayRefusedException refused) when (refused.IsStale)
        {
            return new StepOutcome.Unknown(refused.Message);
        }
    }
}
