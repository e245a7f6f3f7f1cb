using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>Who can say whether work may begin in an environment. Asked with each plan, and again before a rollout starts.</summary>
public interface IWorkGates
{
    /// <summary>The answers of the gates that the environment's policy asks; none where it asks none. Only one that passes lets work through.</summary>
    Task<ImmutableArray<GateAnswer>> AskAsync(
        EnvironmentName environment,
        ReleaseRef release,
        CancellationToken cancellationToken
    );
}
