using Tidegate.Contracts.Gateway;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Ingress;

/// <summary>Watches a tenant's requests after opening for the plan's time; waiting holds no thread.</summary>
/// <remarks>A gateway that does not answer throws: no figures are no proof that the tenant is well.</remarks>
public sealed class BakeHandler(GatewayClient gateway) : IStepHandler<Bake>
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    public async Task<StepOutcome> RunAsync(Bake step, StepContext context, CancellationToken cancellationToken)
    {
        if (step.Duration == TimeSpan.Zero)
        {
            return new StepOutcome.Done("not watched: the plan's bake is 0 s");
        }

        var (answered, failed) = Seen(
            await gateway.FindAsync(context.Target.Tenant, cancellationToken),
            TenantRouting.NameOf(context.Target.Pool, context.Target.To.Digest)
        );
        if (BakeVerdict.Complaint(step, context.Target, answered, failed) is { } complaint)
        {
            return new StepOutcome.Failed(complaint);
        }

        var left = context.StartedAt + step.Duration - context.Now;
        var seen = $"{answered} requests, {failed} failed";
        return left > TimeSpan.Zero
            ? new StepOutcome.NotYet(
                left < Longest ? left : Longest,
                $"baking for {step.Duration.TotalSeconds:0} s: {seen}"
            )
            : new StepOutcome.Done($"baked for {step.Duration.TotalSeconds:0} s: {seen}");
    }

    private static (long Answered, long Failed) Seen(GatewayTenantStatus? status, string generation) =>
        status is not null && status.Route.Generation == generation
            ? (status.Answered, status.Failed)
            : throw new InvalidOperationException(
                $"the gateway leads the tenant to {status?.Route.Generation ?? "nothing"} and not to {generation}"
            );
}
