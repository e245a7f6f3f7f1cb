using Tidegate.ControlPlane.Rollouts;
using Tidegate.Simulator.World;

namespace Tidegate.Simulator.Steps;

/// <summary>What a simulated step does; null when it is done.</summary>
internal delegate ValueTask<StepOutcome?> SimulatedStep<in TStep>(TStep step, StepContext context, Hands hands);

/// <summary>Carries out one kind of step on the simulated site.</summary>
internal sealed class SimulatedHandler<TStep>(SimulatedStep<TStep> act, Hands hands) : IStepHandler<TStep>
    where TStep : Step
{
    public async Task<StepOutcome> RunAsync(TStep step, StepContext context, CancellationToken cancellationToken)
    {
        try
        {
            await hands.LookAsync(context);
            // A migration fails in its middle; every other step before its first effect.
            var early = step is Migrate ? null : hands.Fault(context);
            return early ?? await act(step, context, hands) ?? new StepOutcome.Done(step.Kind);
        }
        catch (StaleEpochException stale)
        {
            // The site's answer to a control plane that has been succeeded: it stops and asks.
            return new StepOutcome.Unknown(stale.Message);
        }
    }
}
