using System.Collections.Immutable;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Emergencies;

/// <summary>Asks <c>reviewed</c> of every ordinary release of an environment that had an emergency. The next emergency is not kept by it.</summary>
public sealed class EmergencyWorkGates(EmergencyStore store) : IWorkGates
{
    public async Task<ImmutableArray<GateAnswer>> AskAsync(
        WorkQuestion question,
        CancellationToken cancellationToken
    ) =>
        !question.IsEmergency
        && ReviewedGate.Ask(await store.OpenAsync(question.Environment, cancellationToken)) is { } answer
            ? [answer]
            : [];
}
