using Tidegate.ControlPlane.Drift;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Ingress;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>Starts a generation anew with what it was made with, if it runs with anything else. Requests to its tenants wait.</summary>
public sealed class RestartGenerationHandler(
    SiteLayout layout,
    GenerationRuntime runtime,
    LiveGenerations live,
    GenerationHold hold
) : IStepHandler<RestartGeneration>
{
    public Task<StepOutcome> RunAsync(
        RestartGeneration step,
        StepContext context,
        CancellationToken cancellationToken
    ) =>
        SiteStep.RunAsync(
            layout.Cluster,
            context,
            _ => RestartAsync(step, context, cancellationToken),
            cancellationToken
        );

    private async Task<StepOutcome> RestartAsync(
        RestartGeneration step,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var target = context.Target;
        var (pool, digest) = (target.Pool, target.To.Digest);
        var folder = new GenerationFolder(layout, pool, digest);
        var name = GenerationName.Of(pool, digest);
        try
        {
            if (live.Find(folder) is not { } found)
            {
                return new StepOutcome.Failed($"{folder} is not to run on this site: there is nothing to restart.");
            }

            var wrong = Wrong(target, found);
            if (wrong.Count > 0)
            {
                var busy = await runtime.RenewAsync(
                    folder,
                    step.DrainBound,
                    cancel => hold.BeginAsync(name, step, context, cancel),
                    cancellationToken
                );
                if (busy is not null)
                {
                    await hold.EndAsync(name, await PortsAsync(target, cancellationToken), context, cancellationToken);
                    return new StepOutcome.PutOff(busy);
                }
            }

            // Also what an attempt that was cut had held.
            var waited = await hold.EndAsync(
                name,
                await PortsAsync(target, cancellationToken),
                context,
                cancellationToken
            );
            return wrong.Count == 0 ? new StepOutcome.Done($"{folder} runs with what it was made with")
                : live.Find(folder) is { } now && Wrong(target, now) is { Count: > 0 } left
                    ? new StepOutcome.Failed(
                        $"{folder} was started anew and still differs: {string.Join("; ", left.Select(DriftBlockers.Text))}."
                    )
                : new StepOutcome.Done(
                    $"{folder} was started anew: {string.Join("; ", wrong.Select(difference => difference.Item))}; {waited} requests had waited"
                );
        }
        catch (ProcessStartException broken)
        {
            await hold.EndAsync(name, ports: null, context, cancellationToken);
            return new StepOutcome.Failed(broken.Message);
        }
        catch (GatewayRefusedException refused) when (refused.IsStale)
        {
            await hold.EndAsync(name, ports: null, context, cancellationToken);
            return new StepOutcome.PutOff($"a rollout has begun on a tenant of {folder}: {refused.Message}");
        }
    }

    private Task<GenerationPorts?> PortsAsync(UpgradeTarget target, CancellationToken cancellationToken) =>
        runtime.FindAsync(target.Pool, target.To.Digest, cancellationToken);

    private static List<Difference> Wrong(UpgradeTarget target, LiveGeneration found)
    {
        // Of the pool nothing else is asked here: what the generation was made with is in its own folder.
        var pool = new Pool(target.Pool, default, default, HostingModel.Shared, target.Workers);
        return [.. GenerationComparison.Running(new(pool, target.To.Digest, []), found)];
    }
}
