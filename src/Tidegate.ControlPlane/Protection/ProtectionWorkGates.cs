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
        if (await terms.FindAsync(environment, cancellationToken) is { Policy: var policy })
        {
            if (!policy.Protection.AsksNothing)
            {
                answers.Add(await desk.ProtectedAsync(environment, release, policy, cancellationToken));
            }

            if (policy.Gates.Drilled is GateDemand.Required)
            {
                answers.Add(await desk.DrilledAsync(environment, cancellationToken));
            }
        }

        return answers.ToImmutable();
    }
}
