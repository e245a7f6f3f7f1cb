using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Configuration;

/// <summary>What came of asking whether a pool may take a release.</summary>
public abstract record PoolCheck
{
    private PoolCheck() { }

    public sealed record Asked(ConfigurationQuestion Question, GateAnswer Answer) : PoolCheck;

    public sealed record Unknown(string What, string Next) : PoolCheck;
}
