using System.Collections.Immutable;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Protection;

/// <summary>Asks <c>protected</c> and <c>drilled</c> where the environment's policy does, whoever starts the rollout.</summary>
public sealed class ProtectionWorkGates(EnvironmentTermsStore terms, ProtectionDesk desk) : IWorkGates
{
    public async Task<ImmutableArray<GateAnswer>> AskAsync(WorkQuestion question, CancellationToken cancellationToken)
    {
        var (environment, release) = (question.Environment, question.Release);
        var answers = ImmutableArray.CreateBuilder<GateAnswer>();
        if (await terms.FindAsync(environment, cancellationToken) is { Policy: var policy } known)
        {
            foreach (var gate in Asked(policy))
            {
                var answer =
                    gate is ProtectedGate.Name
                        ? await desk.ProtectedAsync(environment, release, policy, cancellationToken)
                        : await desk.DrilledAsync(environment, cancellationToken);
                answers.Add(answer.At(known));
            }
        }

        return answers.ToImmutable();
    }

    /// <summary>Those of the two that a policy asks, by name.</summary>
    internal static IEnumerable<string> Asked(EnvironmentPolicy policy)
    {
        if (!policy.Protection.AsksNothing)
        {
            yield return ProtectedGate.Name;
        }

        if (policy.Gates.Drilled is GateDemand.Required)
        {
            yield return DrilledGate.Name;
        }
    }
}
