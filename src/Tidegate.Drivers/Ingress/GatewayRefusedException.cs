using Tidegate.Contracts.Gateway;

namespace Tidegate.Drivers.Ingress;

/// <summary>The gateway understood the call and refused it.</summary>
public sealed class GatewayRefusedException(GatewayProblem problem) : Exception(problem.Detail)
{
    public GatewayProblem Problem => problem;

    /// <summary>A higher epoch has spoken for the tenant: whoever called is old.</summary>
    public bool IsStale => problem.Type == GatewayProblems.StaleEpoch;

    /// <summary>The gateway has no route for the tenant.</summary>
    public bool IsUnknownTenant => problem.Type == GatewayProblems.UnknownTenant;
}
