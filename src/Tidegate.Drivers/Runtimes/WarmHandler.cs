using System.Globalization;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>The new generation may connect to the migrated database and has loaded it everywhere; nobody is led to it yet, and its crons stay off.</summary>
public sealed class WarmHandler(SiteLayout layout, GenerationRuntime runtime, GenerationHttp http, TimeProvider clock)
    : IStepHandler<Warm>
{
    private readonly TenantWarmth _warmth = new(layout.Cluster, http, clock);
    private readonly TenantAccess _access = new(layout.Cluster);

    public Task<StepOutcome> RunAsync(Warm step, StepContext context, CancellationToken cancellationToken) =>
        SiteStep.RunAsync(layout.Cluster, context, _ => WarmAsync(context, cancellationToken), cancellationToken);

    private async Task<StepOutcome> WarmAsync(StepContext context, CancellationToken cancellationToken)
    {
        var target = context.Target;
        var began = clock.GetTimestamp();
        await _access.GiveToGenerationAsync(context, cancellationToken);
        var lists = await runtime.ListsAsync(target.Pool, target.To.Digest, cancellationToken);
        lists.Set(target, Service.WebOnly, context.Epoch);

        var ports =
            await runtime.FindAsync(target.Pool, target.To.Digest, cancellationToken)
            ?? throw new InvalidOperationException(
                $"Pool {target.Pool} runs no generation of {target.To.Name}; it is being started again."
            );
        return await _warmth.WarmAsync(target, ports, cancellationToken) is { } complaint
            ? new StepOutcome.Failed(complaint)
            : new StepOutcome.Done(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{target.Workers} workers and the evented process of {target.To.Name} have loaded {target.Tenant} in {clock.GetElapsedTime(began).TotalSeconds:0.00} s"
                )
            );
    }
}
